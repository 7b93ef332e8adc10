using TextGan.Data.Teachers;

namespace TextGan.Experiments.Reading;

/// <summary>
/// An experiment may come from a stranger: without the user's permission it can neither send texts to a server nor a key from the
/// environment.
/// </summary>
static class ChatPermission
{
    public static IEnumerable<Problem> Of(ComponentOptions options, string path, ReadingSettings settings)
    {
        if (options is not ChatTeacherOptions chat) yield break;
        if (!settings.AllowsChat)
            yield return new($"{path}.endpoint",
                $"a run sends prompts and texts to {Wording.Quote(chat.Endpoint)}. If you trust the experiment, add --allow-chat to the " +
                "command.");
        if (chat.KeyVariable is { } name && !EnvironmentVariables.IsAllowed(name, settings))
            yield return new($"{path}.keyVariable",
                $"the environment variable {Wording.Quote(name)} is not read: allowed are those that begin with TEXTGAN_; to allow it, " +
                $"add --env {name} to the command.");
    }
}
