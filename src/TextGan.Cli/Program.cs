using TextGan.Cli;
using TextGan.Native;

AllocatorTuning.Apply(); // before the first tensor
ThreadTuning.Apply();
ConsoleEncoding.Apply();
var terminal = Terminal.Standard();
AppDomain.CurrentDomain.UnhandledException += (_, failure) =>
{
    // Only other threads get here; the runtime would print a trace.
    if (failure.ExceptionObject is Exception exception) Application.Report(exception, terminal);
    Environment.Exit(ExitCode.Failure);
};
return Application.Run(args, terminal);
