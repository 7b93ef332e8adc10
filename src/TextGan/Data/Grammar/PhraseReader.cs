using System.Globalization;

namespace TextGan.Data.Grammar;

/// <summary>
/// Reads the rules of a grammar from text. A line at the margin is <c>feature NAME VALUE...</c>,
/// <c>attribute NAME CONDITION... | CONDITION...</c> or the name of a rule, whose alternatives follow on indented lines:
/// <c>[weight] [constraints in brackets] words and Rules</c>. Parentheses hold alternatives in place; '#' starts a comment.
/// </summary>
public sealed class PhraseReader(GrammarBuilder builder, string file)
{
    int groups;

    /// <summary>Adds everything in <paramref name="text"/> to the builder.</summary>
    /// <exception cref="InvalidInputException">Names the line that is wrong.</exception>
    public void Read(string text)
    {
        string? rule = null;
        GrammarLines.Read(file, text, content =>
        {
            if (char.IsWhiteSpace(content[0]))
                ReadAlternative(rule ?? throw new ArgumentException("An alternative stands before the first rule."), new Tokens(content));
            else rule = ReadHeading(content);
        });
    }

    string? ReadHeading(string content)
    {
        var parts = content.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (parts)
        {
            case ["feature", var name, .. var values]:
                builder.Features.Declare(name, values);
                return null;
            case ["attribute", var name, .. var conditions]:
                builder.Add(new AttributeRule(name, [.. string.Join(' ', conditions).Split(" | ").Select(ReadConditions)]));
                return null;
            case [var name] when char.IsUpper(name[0]):
                if (builder.Defines(name)) throw new ArgumentException($"The rule {name} is defined twice.");
                return name;
            default:
                throw new ArgumentException($"'{content}' is no feature, no attribute and no name of a rule, which starts with a capital.");
        }
    }

    FeatureConstraint[] ReadConditions(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(condition =>
        {
            var (feature, values, negated) = SplitCondition(condition);
            return new FeatureConstraint(feature, values is ["none"] ? 0 : builder.Features.Value(feature, values.Single()), negated);
        })];

    void ReadAlternative(string rule, Tokens tokens)
    {
        ReadOne(rule, tokens);
        if (tokens.Next is { } rest) throw new ArgumentException($"'{rest}' stands outside of parentheses.");
    }

    /// <summary>Reads up to the end of the line, a bar or a closing parenthesis, and adds what it says to the rule.</summary>
    void ReadOne(string rule, Tokens tokens)
    {
        var weight = 1.0;
        if (double.TryParse(tokens.Next, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            weight = number;
            tokens.Take();
        }
        IEnumerable<IReadOnlyList<FeatureConstraint>> cases = [[]];
        if (tokens.Next?.StartsWith('[') == true)
        {
            while (true)
            {
                var token = tokens.Take();
                cases = cases.SelectMany(already => Expand(token.Trim('[', ']')), (already, more) =>
                    (IReadOnlyList<FeatureConstraint>)[.. already, .. more]).ToList();
                if (token.EndsWith(']')) break;
                if (tokens.Next is null) throw new ArgumentException("A bracket is not closed.");
            }
        }
        var symbols = new List<int>();
        while (tokens.Next is { } next && next is not ("|" or ")"))
        {
            tokens.Take();
            symbols.Add(next == "(" ? ReadGroup(rule, tokens) : char.IsUpper(next[0]) ? builder.Rule(next) : builder.Word(next));
        }
        foreach (var constraints in cases) builder.Add(rule, weight, constraints, [.. symbols]);
    }

    /// <summary>The rule without a name of its own that a parenthesis stands for.</summary>
    int ReadGroup(string rule, Tokens tokens)
    {
        var name = $"{rule}({++groups})";
        while (true)
        {
            ReadOne(name, tokens);
            switch (tokens.Next)
            {
                case "|": tokens.Take(); break;
                case ")": tokens.Take(); return builder.Rule(name);
                default: throw new ArgumentException("A parenthesis is not closed.");
            }
        }
    }

    /// <summary><c>a=x|y</c> holds in two ways, each of which binds; <c>a!=x|y</c> is two conditions at once.</summary>
    IEnumerable<IReadOnlyList<FeatureConstraint>> Expand(string condition)
    {
        var (feature, names, negated) = SplitCondition(condition);
        var constraints = names.Select(name => new FeatureConstraint(feature, builder.Features.Value(feature, name), negated)).ToList();
        return negated ? [constraints] : constraints.Select(constraint => (IReadOnlyList<FeatureConstraint>)[constraint]);
    }

    (int Feature, string[] Values, bool Negated) SplitCondition(string condition)
    {
        var parts = condition.Split('=');
        if (parts.Length != 2) throw new ArgumentException($"'{condition}' is no condition; write feature=value or feature!=value.");
        return (builder.Features.Feature(parts[0].TrimEnd('!')), parts[1].Split('|'), parts[0].EndsWith('!'));
    }

    sealed class Tokens(string text)
    {
        readonly string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int position;

        public string? Next => position < parts.Length ? parts[position] : null;

        public string Take() => parts[position++];
    }
}
