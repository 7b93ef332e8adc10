namespace TextGan.Data.Grammar;

/// <summary>
/// The grammar of short assistant-like replies that comes with the project: assistant-world.txt has its facts and
/// assistant-phrases.txt its wording. It is read once and shared.
/// </summary>
public static class AssistantGrammar
{
    static readonly Lazy<GrammarSource> shared = new(() => new GrammarSource(Read()));

    public static GrammarSource Source => shared.Value;

    static PhraseGrammar Read()
    {
        var builder = new GrammarBuilder();
        new WorldReader(builder, "assistant-world.txt").Read(Resource("assistant-world.txt"));
        new PhraseReader(builder, "assistant-phrases.txt").Read(Resource("assistant-phrases.txt"));
        return builder.Build("Reply");
    }

    static string Resource(string name)
    {
        using var stream = typeof(AssistantGrammar).Assembly.GetManifestResourceStream($"TextGan.Data.Grammar.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is not part of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
