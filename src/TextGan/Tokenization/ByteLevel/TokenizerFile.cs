using System.Text.Json;

namespace TextGan.Tokenization.ByteLevel;

/// <summary>What a tokenizer.json of Hugging Face says, if it is a byte-level BPE. Everything else is rejected.</summary>
internal sealed class TokenizerFile
{
    /// <summary>Every token of the model, as its file writes it.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>Two tokens separated by a blank, the earlier ones merged first.</summary>
    public required IReadOnlyList<string> Merges { get; init; }

    /// <summary>Whether a piece that is a token is that token, whatever merges would make of it.</summary>
    public required bool IgnoresMerges { get; init; }

    public required PieceSplitter Splitter { get; init; }

    public required IReadOnlyList<AddedToken> Added { get; init; }

    /// <exception cref="InvalidInputException">The file is missing or damaged, or asks for what is not supported: all of it.</exception>
    public static TokenizerFile Read(string file)
    {
        var problems = new List<Problem>();
        var keys = JsonKeys.Read(file, problems);
        // How a text gets its special tokens and is cut or filled is not the tokenizer's business here.
        keys.Harmless("version", "truncation", "padding", "post_processor");
        var splitter = new PieceSplitter();
        AddSteps(Section(keys, "pre_tokenizer"), splitter);
        var decoder = Section(keys, "decoder");
        decoder.Choice("type", "", "ByteLevel");
        decoder.Harmless("add_prefix_space", "trim_offsets", "use_regex");
        decoder.RequireNoOther();
        AddedToken[] added = [.. keys.Items("added_tokens").Select(AddedTokenOf)];
        var model = Section(keys, "model");
        model.Choice("type", "BPE", "BPE");
        model.Only("dropout", "0.0");
        model.Harmless("unk_token", "fuse_unk"); // nothing is unknown where each byte has a token
        var (vocabulary, merges, ignoresMerges) = (model.Find("vocab"), model.Find("merges"), model.Flag("ignore_merges", false));
        model.RequireNoOther();
        keys.RequireNoOther();
        if (problems.Count > 0) throw new InvalidInputException(problems);
        if (vocabulary is not { ValueKind: JsonValueKind.Object } || merges is not { ValueKind: JsonValueKind.Array })
            throw new InvalidInputException(file, "'model' needs 'vocab', an object from token to id, and 'merges', a list.");
        var result = new TokenizerFile
        {
            Vocabulary = ByteLevelVocabulary.Of(vocabulary.Value, file), Merges = [.. merges.Value.EnumerateArray().Select(Merge)],
            IgnoresMerges = ignoresMerges, Splitter = splitter, Added = added,
        };
        result.Check(file);
        return result;

        string Merge(JsonElement merge)
        {
            var parts = merge.ValueKind switch
            {
                JsonValueKind.String => merge.GetString()!.Split(' '),
                JsonValueKind.Array => [.. merge.EnumerateArray().Select(part => part.ToString())],
                _ => [],
            };
            return parts.Length == 2 ? string.Join(' ', parts)
                : throw new InvalidInputException(file, $"The merge {merge.GetRawText()} is not two tokens.");
        }
    }

    static JsonKeys Section(JsonKeys keys, string key)
    {
        if (keys.Section(key) is { } section) return section;
        keys.Note(key, "is missing; an object is needed.");
        return keys.Empty;
    }

    static AddedToken AddedTokenOf(JsonKeys keys)
    {
        // A token that swallows blanks beside it, or must stand alone: rare, and in texts of chat templates never meant.
        var token = new AddedToken(keys.Text("content"), keys.Size("id", least: 0), keys.Flag("special", false),
            keys.Flag("normalized", true));
        keys.RequireNoOther();
        return token;
    }

    static void AddSteps(JsonKeys step, PieceSplitter splitter)
    {
        switch (step.Choice("type", "", "ByteLevel", "Sequence", "Split"))
        {
            case "Sequence":
                foreach (var one in step.Items("pretokenizers")) AddSteps(one, splitter);
                break;
            case "ByteLevel":
                step.Harmless("trim_offsets");
                splitter.AddByteLevel(step.Flag("add_prefix_space", true), step.Flag("use_regex", true));
                break;
            case "Split":
                step.Choice("behavior", "", "Isolated");
                var pattern = Section(step, "pattern");
                try
                {
                    splitter.AddSplit(pattern.Text("Regex"));
                }
                catch (ArgumentException unknown)
                {
                    pattern.Note("Regex", $"is not supported: {unknown.Message}.");
                }
                pattern.RequireNoOther();
                break;
        }
        if (step.IsSound) step.RequireNoOther();
    }

    void Check(string file)
    {
        ByteLevelVocabulary.RequireBytes(Vocabulary, file);
        var specials = Added.Where(token => token.IsSpecial).Select(token => token.Content).ToHashSet();
        foreach (var merge in Merges)
        {
            var parts = merge.Split(' ');
            foreach (var token in (string[])[.. parts, string.Concat(parts)])
            {
                if (!Vocabulary.ContainsKey(token))
                    throw new InvalidInputException(file, $"The merge \"{merge}\" needs the token \"{token}\", which the vocabulary does " +
                        $"not have.");
            }
            // Otherwise ordinary text could become it.
            if (specials.Contains(string.Concat(parts)))
                throw new InvalidInputException(file, $"The merge \"{merge}\" makes a special token, which ordinary text must not become.");
        }
        var ids = Vocabulary.ToDictionary(token => token.Value, token => token.Key);
        foreach (var token in Added)
        {
            if (token.Content.Length == 0) throw new InvalidInputException(file, $"The added token {token.Id} is empty.");
            if (Vocabulary.TryGetValue(token.Content, out var id) && id != token.Id)
                throw new InvalidInputException(file,
                    $"The added token \"{token.Content}\" has the id {token.Id}; in the vocabulary it has {id}.");
            if (!ids.TryAdd(token.Id, token.Content) && ids[token.Id] != token.Content)
                throw new InvalidInputException(file,
                    $"The tokens \"{ids[token.Id]}\" and \"{token.Content}\" have the same id {token.Id}.");
        }
        if (Added.DistinctBy(token => token.Content).Count() < Added.Count)
            throw new InvalidInputException(file, "An added token occurs twice.");
        if (ids.Keys.Max() >= 2L * ids.Count + 1000)
            throw new InvalidInputException(file, $"The token \"{ids[ids.Keys.Max()]}\" has the id {ids.Keys.Max()}, far above what " +
                $"{ids.Count:N0} tokens need.");
    }
}
