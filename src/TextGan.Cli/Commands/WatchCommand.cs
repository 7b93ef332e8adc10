using TextGan.Cli.Watching;
using TextGan.Reporting;

namespace TextGan.Cli.Commands;

/// <summary>Serves the page of runs while they train.</summary>
public static class WatchCommand
{
    /// <summary>The usual port.</summary>
    const int Port = 8421;

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "The folder of all runs, experiments' folders (runs/EXPERIMENT) or run folders (runs/EXPERIMENT/SEED).",
            Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => ["runs"],
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var port = new Option<int>("--port") {
            Description = "Port; 0 takes one that is free.", HelpName = "PORT", DefaultValueFactory = _ => Port };
        var bind = new Option<string>("--bind") {
            Description = "Address to serve on. All but 127.0.0.1 and ::1 are reached from the network, by plain HTTP; then a " +
                "token is asked for.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var token = new Option<string?>("--token") {
            Description = $"Ask for this token; '{WatchToken.Auto}' draws one, as is done without the option where --bind needs one. " +
                "Others on this machine can read command lines.", HelpName = $"TOKEN|{WatchToken.Auto}" };
        var command = new Command("watch", "Serve the page of 'report' for a browser, which shows what runs log while they train. " +
            "Nothing is changed. Ctrl+C ends it.") { runs, port, bind, token };
        command.SetAction(parsed =>
        {
            var address = WatchAddress.Of(parsed.GetRequiredValue(bind), parsed.GetRequiredValue(port));
            var asked = parsed.GetValue(token) ?? (address.IsLocal ? null : WatchToken.Auto);
            var secret = asked is null ? null : WatchToken.Of(asked);
            var folders = new WatchedFolders(parsed.GetRequiredValue(runs), terminal);
            RunNames.RequireDistinct(folders.Runs().Select(root => new RunFolder(root)).Select(run => (run.Experiment, run.Seed)));
            using var signals = new StopSignals(_ => { }, _ => { });
            using var server = WatchServer.Start(new WatchedRuns(folders.Runs, terminal.Clock), address, secret);
            if (!address.IsLocal)
                terminal.WriteError("warning: the connection is not encrypted: anyone who can read the network's traffic gets the token " +
                    "and the page. A tunnel (ssh -L) to 127.0.0.1 is safer.");
            terminal.WriteLine($"{server.Address.Url(secret)} shows runs while they train. Ctrl+C ends it.");
            signals.Token.WaitHandle.WaitOne();
            return ExitCode.Success;
        });
        return command;
    }
}
