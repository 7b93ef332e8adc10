using System.CommandLine;
using System.Globalization;
using TextGan.Benchmarks.Discriminators;
using TextGan.Reporting;
using TorchSharp;

namespace TextGan.Benchmarks.Commands;

/// <summary>discriminators: what a generator step costs against more and more discriminators, as a table and a picture.</summary>
static class DiscriminatorsCommand
{
    public static Command Create()
    {
        var most = new Option<int>("--most") { Description = "Discriminators at most.", DefaultValueFactory = _ => 8 };
        var repeat = PathOptions.Repeat();
        var folder = new Option<DirectoryInfo>("--folder") {
            Description = "Where discriminators.png and .svg are drawn.", DefaultValueFactory = _ => new DirectoryInfo("docs") };
        var command = new Command("discriminators", "Measure what a generator step costs against 1, 2, ... CNN discriminators.") {
            most, repeat, folder };
        command.SetAction(parsed =>
        {
            torch.manual_seed(1);
            CostLine[] lines = [.. new[] { (Name: "REINFORCE, whole texts", IsRelaxed: false), (Name: "Gumbel-softmax", IsRelaxed: true) }
                .Select(one => CostLine.Measure(one.Name, one.IsRelaxed, parsed.GetValue(most), parsed.GetValue(repeat)))];
            Console.WriteLine("estimator\tdiscriminators\tfastest ms\tmedian ms");
            foreach (var line in lines)
                for (var k = 0; k < line.Fastest.Count; k++)
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{line.Name}\t{k + 1}\t{line.Fastest[k] * 1000:F1}\t{line.Medians[k] * 1000:F1}"));
            Console.WriteLine("estimator\tslope ms\town ms\tslope/own");
            foreach (var line in lines)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{line.Name}\t{line.Slope * 1000:F1}\t{line.Own * 1000:F1}\t{line.SlopeToOwn:F3}"));
            foreach (var path in Draw(lines).Save(parsed.GetValue(folder)!.FullName)) Console.WriteLine($"# {path}");
        });
        return command;
    }

    static Figure Draw(IReadOnlyList<CostLine> lines) =>
        new("discriminators", "A generator step against several discriminators", [new FigureRow(
        [.. lines.Select(line => new CostPanel(line)
        {
            Title = string.Create(CultureInfo.InvariantCulture,
                $"{line.Name}: {line.Slope * 1000:F1} ms for each; one by itself {line.Own * 1000:F1} ms"),
            Unit = "milliseconds a step",
        })])])
    {
        Legend = [new("measured", LineLook.Of(0)), new("own time + 5%", LineLook.Of(1))],
        Note = $"SeqGAN's CNN (1720 filters), V={OracleSizes.Vocabulary}, T={OracleSizes.Length}, B={OracleSizes.Batch}, " +
            $"{torch.get_num_threads()} threads. Own time: a discriminator alone, forward, and for Gumbel-softmax backward to the " +
            $"tokens; fastest runs.",
    };
}
