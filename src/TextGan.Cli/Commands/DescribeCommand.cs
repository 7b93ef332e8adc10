using TextGan.Experiments.Catalogue;

namespace TextGan.Cli.Commands;

/// <summary>Explains a kind of component and its settings.</summary>
public static class DescribeCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("KIND") {
            Description = "A kind (cnn), a section (training), a key of the JSON that has settings of its own (guards.modeCollapse), a " +
                "family (discriminator), or a family's kind (discriminator/lstm)." };
        name.CompletionSources.Add(Completions.Of(_ => KindCatalogue.BuiltIn.Families.SelectMany(family => family.Kinds)
            .Concat(KindCatalogue.BuiltIn.Sections).Select(kind => kind.Name)
            .Concat(KindCatalogue.BuiltIn.Families.Select(family => family.Name)).Distinct()));
        var kinds = new Kinds();
        var command = new Command("describe", "Explain a kind of component: what it does, its settings, their ranges and defaults.") {
            name };
        kinds.AddTo(command);
        command.SetAction(parsed =>
        {
            var found = Find(kinds.Catalogue(parsed, terminal), parsed.GetRequiredValue(name));
            for (var i = 0; i < found.Count; i++)
            {
                if (i > 0) terminal.Output.WriteLine();
                foreach (var line in Lines(found[i], Math.Min(terminal.Width, 100))) terminal.WriteLine(line);
            }
            return ExitCode.Success;
        });
        return command;
    }

    static IReadOnlyList<KindDescription> Find(KindCatalogue catalogue, string name)
    {
        var parts = name.Split('/', 2);
        if (parts.Length == 1) return catalogue.Describe(name);
        var found = catalogue.Describe(parts[1]).Where(kind => kind.Family == parts[0]).ToList();
        return found.Count > 0 ? found : catalogue.Describe(name); // says what there is
    }

    static IEnumerable<string> Lines(KindDescription kind, int width)
    {
        var others = kind.Keys.Where(key => key != kind.Name).Select(key => $"'{key}'").ToList();
        var origin = kind.Plugin is not null ? $", plug-in {kind.Plugin}" : others.Count > 0 ? $", in JSON {string.Join(", ", others)}"
            : "";
        yield return $"{SafeText.Line(kind.Name)}  ({SafeText.Line(kind.Family + origin)})";
        foreach (var line in Wrapped.Lines(kind.Summary, width, "    ")) yield return line;
        foreach (var line in Wrapped.Lines(kind.Remarks, width, "    ")) yield return line;
        foreach (var property in kind.Properties)
        {
            yield return "";
            string[] facts = [property.Type, property.Range, property.Required ? "required" : $"default {property.Default}"];
            foreach (var line in Hanging($"  {property.Name}", string.Join("; ", facts.Where(fact => fact.Length > 0)),
                width)) yield return line;
            foreach (var line in Wrapped.Lines(property.Summary, width, "      ")) yield return line;
            foreach (var choice in property.Choices)
            {
                foreach (var line in Hanging($"      {choice.Name}", choice.Summary, width)) yield return line;
            }
        }
    }

    /// <summary>"name: text", further lines of the text indented below.</summary>
    static IEnumerable<string> Hanging(string name, string text, int width)
    {
        var indent = new string(' ', name.Length - name.TrimStart().Length + 4);
        var lines = Wrapped.Lines($"{name.Trim()}: {text}", width, indent).ToList();
        return lines.Select((line, index) => index == 0 ? line[4..] : line);
    }
}
