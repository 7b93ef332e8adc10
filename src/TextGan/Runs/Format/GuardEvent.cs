namespace TextGan.Runs.Format;

/// <summary>An event in metrics.jsonl.</summary>
/// <param name="Guard">Which guard: "notANumber", "explodingGradient", "winningDiscriminator", "overfittingDiscriminator" or
/// "modeCollapse"; or "unknownTokens", of which every run warns.</param>
/// <param name="Action">"warn", "stop" or "roll-back"; "notice" before it comes to that.</param>
/// <param name="Message">What was found and done, in a sentence.</param>
public sealed record GuardEvent(string Guard, string Action, string Message);
