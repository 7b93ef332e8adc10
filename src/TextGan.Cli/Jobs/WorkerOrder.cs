using System.Text.Json;

namespace TextGan.Cli.Jobs;

/// <summary>Which run a worker trains, and how: the value of the option --worker, and a line of its input for each further run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Threads">Threads of experiments that do not say how many they take.</param>
/// <param name="Device">On this device; null: the experiment's.</param>
/// <param name="Configuration">What the command read (<see cref="Runs.RunFingerprint.Key"/>).</param>
/// <param name="Command">The command as it was given, or null.</param>
public sealed record WorkerOrder(RunId Run, int? Threads, string? Device, string Configuration, string? Command)
{
    public const string Option = "--worker";

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <exception cref="InvalidInputException">It is not an order.</exception>
    public static WorkerOrder Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkerOrder>(text) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new InvalidInputException(Option, $"is for the program's own use; '{text}' is not an order ({wrong.Message}).");
        }
    }
}
