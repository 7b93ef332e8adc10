namespace TextGan.Data.Grammar;

/// <summary>
/// Reads tables of facts (topics with their things, problems, remedies and substances) and makes the rules Thing, Problem, Need,
/// Verb, Avoided, Tool and Item of them: one alternative for each word or phrase and each way in which it relates to the others.
/// Words of other topics than the thing's occur as well, rarely: then nothing fits (<c>odd=yes</c>: the problem is not one that
/// such things have; <c>alien=yes</c>: the remedy or tool is not for such things). The file assistant-world.txt tells the form.
/// </summary>
public sealed class WorldReader(GrammarBuilder builder, string file)
{
    sealed record Thing(string Singular, string Plural, string Gender);
    sealed record Trouble(string Word, string Need, string[] Cures);
    sealed record Remedy(string Verb, string[] Tools);

    sealed record Topic(string Name)
    {
        public List<Thing> Things { get; } = [];
        public List<Trouble> Problems { get; } = [];
        public List<Remedy> Remedies { get; } = [];
        public List<string> Wants { get; } = [];

        public IEnumerable<string> Verbs => Remedies.Select(remedy => remedy.Verb);
        public IEnumerable<string> Needs => Problems.Select(problem => problem.Need);
        public IEnumerable<string> Tools => Remedies.SelectMany(remedy => remedy.Tools).Distinct();
    }

    readonly List<Topic> topics = [];

    /// <summary>Declares the features of the world and adds its rules to the builder.</summary>
    /// <exception cref="InvalidInputException">Names the line that is wrong.</exception>
    public void Read(string text)
    {
        GrammarLines.Read(file, text, content => ReadLine(content.TrimStart()));
        foreach (var topic in topics) Check(topic);
        DeclareFeatures();
        foreach (var topic in topics) AddRules(topic);
    }

    void ReadLine(string content)
    {
        var (key, rest) = content.Split(' ', 2) is [var first, var second] ? (first, second.Trim())
            : throw new ArgumentException($"'{content}' says nothing.");
        if (key == "topic")
        {
            topics.Add(new Topic(rest));
            return;
        }
        var topic = topics.LastOrDefault() ?? throw new ArgumentException($"'{key}' stands before the first topic.");
        var columns = rest.Split('|', StringSplitOptions.TrimEntries);
        switch (key, columns)
        {
            case ("thing", [var all]):
                topic.Things.AddRange(all.Split(',', StringSplitOptions.TrimEntries).Select(ReadThing));
                break;
            case ("problem", [var word, var need, var cures]):
                topic.Problems.Add(new Trouble(word, need, cures.Split(',', StringSplitOptions.TrimEntries)));
                break;
            case ("remedy", [var verb, .. { Length: > 0 } tools]):
                topic.Remedies.Add(new Remedy(verb, tools));
                break;
            case ("wants", [var items]):
                topic.Wants.AddRange(items.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                break;
            default:
                throw new ArgumentException($"'{content}' is none of: thing; problem with three columns; remedy with two or more; wants.");
        }
    }

    static Thing ReadThing(string text) => text.Split(' ') switch
    {
        [var singular, var plural] => new Thing(singular, plural, "neuter"),
        [var singular, var plural, var gender] => new Thing(singular, plural, gender),
        _ => throw new ArgumentException($"'{text}' is not: singular plural [gender]."),
    };

    void Check(Topic topic)
    {
        void Require(bool holds, string message)
        {
            if (!holds) throw new InvalidInputException(file, $"Topic {topic.Name}: {message}");
        }
        Require(topic.Things.Count > 0 && topic.Wants.Count > 0, "things and wanted substances are needed.");
        Require(topic.Needs.Distinct().Count() == topic.Problems.Count
            && topic.Problems.Count > 1, "each of two or more problems needs something of its own.");
        foreach (var problem in topic.Problems)
        {
            foreach (var cure in problem.Cures) Require(
                topic.Verbs.Contains(cure), $"the remedy '{cure}' of '{problem.Word}' is not described.");
            Require(problem.Cures.Length > 1, $"'{problem.Word}' has one remedy; two are needed, so that one can be advised against.");
            Require(topics.SelectMany(other => other.Problems).Count(other => other.Word == problem.Word) == 1,
                $"'{problem.Word}' is described twice.");
        }
        foreach (var verb in topic.Verbs)
            Require(topic.Problems.Any(p => p.Cures.Contains(verb)), $"the remedy '{verb}' helps against nothing.");
    }

    void DeclareFeatures()
    {
        var features = builder.Features;
        var verbs = topics.SelectMany(t => t.Verbs).Distinct().ToList();
        features.Declare("topic", topics.Select(t => t.Name));
        features.Declare("number", ["singular", "plural"]);
        features.Declare("gender", ["neuter", "feminine", "masculine"]);
        features.Declare("problem", topics.SelectMany(t => t.Problems).Select(p => p.Word));
        features.Declare("remedy", verbs);
        features.Declare("avoided", verbs);
        features.Declare("care", ["good", "bad"]);
        foreach (var decided in new[] { "odd", "alien", "fit", "suit", "spoiled" }) features.Declare(decided, ["yes", "no"]);
    }

    /// <summary>The symbols of a phrase, in which a star stands for the rule Quality.</summary>
    int[] Phrase(string phrase) => [.. phrase.Split(' ').Select(word => word == "*" ? builder.Rule("Quality") : builder.Word(word))];

    /// <summary>How often a word of another topic stands where one of the topic's own weighs 1.</summary>
    const double Stray = 0.005;

    void AddRules(Topic topic)
    {
        var inTopic = builder.Is("topic", topic.Name);
        void Say(string rule, string phrase, double weight, params FeatureConstraint[] constraints) =>
            builder.Add(rule, weight, [inTopic, .. constraints], Phrase(phrase));
        FeatureConstraint Is(string feature, string value) => builder.Is(feature, value);
        FeatureConstraint Decides(string feature, bool value) => builder.Is(feature, value ? "yes" : "no");
        FeatureConstraint NotAvoided(string verb) => Is("avoided", verb) with { Negated = true };
        IEnumerable<string> Strays(Func<Topic, IEnumerable<string>> words) => topics.SelectMany(words).Distinct().Except(words(topic));
        var (odd, alien, unfit, unsuited) = (Decides("odd", true), Decides("alien", true), Decides("fit", false), Decides("suit", false));

        foreach (var thing in topic.Things)
        {
            Say("Thing", thing.Singular, 1, Is("number", "singular"), Is("gender", thing.Gender));
            Say("Thing", thing.Plural, 1, Is("number", "plural"));
        }
        foreach (var problem in topic.Problems)
        {
            var isProblem = Is("problem", problem.Word);
            Say("Problem", problem.Word, 1, isProblem, Decides("odd", false));
            foreach (var need in topic.Needs) Say("Need", need, 1, isProblem, Decides("odd", false), Decides("suit", need == problem.Need));
            foreach (var verb in topic.Verbs)
            {
                var helps = problem.Cures.Contains(verb);
                Say("Verb", verb, 1, isProblem, Decides("odd", false), Decides("fit", helps), NotAvoided(verb), Is("remedy", verb));
                Say("Avoided", verb, 1, isProblem, Decides("spoiled", helps), Is("avoided", verb));
            }
        }
        foreach (var remedy in topic.Remedies)
            foreach (var tool in topic.Tools)
                Say("Tool", tool, 1, Is("remedy", remedy.Verb), Decides("suit", remedy.Tools.Contains(tool)));
        foreach (var item in topics.SelectMany(t => t.Wants).Distinct())
            Say("Item", item, 1, Is("care", topic.Wants.Contains(item) ? "good" : "bad"));

        // What belongs to another topic fits nothing here.
        foreach (var word in Strays(t => t.Problems.Select(p => p.Word))) Say("Problem", word, Stray, odd, Is("problem", word));
        foreach (var need in topic.Needs) Say("Need", need, 10 * Stray, odd, unsuited);
        foreach (var need in Strays(t => t.Needs)) Say("Need", need, Stray, unsuited);
        foreach (var verb in topic.Verbs)
        {
            Say("Verb", verb, 10 * Stray, odd, unfit, NotAvoided(verb), Is("remedy", verb));
            Say("Avoided", verb, 10 * Stray, odd, Decides("spoiled", false), Is("avoided", verb));
        }
        foreach (var verb in Strays(t => t.Verbs))
        {
            Say("Verb", verb, Stray, alien, unfit, NotAvoided(verb), Is("remedy", verb));
            Say("Avoided", verb, Stray, Decides("spoiled", false), Is("avoided", verb));
            foreach (var tool in topic.Tools) Say("Tool", tool, 1, Is("remedy", verb), unsuited);
        }
        foreach (var tool in Strays(t => t.Tools)) Say("Tool", tool, Stray, alien, unsuited);
    }
}
