using TextGan.Data.Grammar;
using TextGan.Data.Oracle;
using TextGan.Data.Worlds;

namespace TextGan.Data;

/// <summary>Where texts come from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TextDataOptions), "text")]
[JsonDerivedType(typeof(PreferenceDataOptions), "preferences")]
[JsonDerivedType(typeof(GrammarDataOptions), "grammar")]
[JsonDerivedType(typeof(OracleLstmDataOptions), "oracle-lstm")]
[JsonDerivedType(typeof(EnumerableDataOptions), "enumerable")]
[JsonDerivedType(typeof(SamplesDataOptions), "samples")]
[JsonDerivedType(typeof(LabelledDataOptions), "labelled")]
[JsonDerivedType(typeof(UnionDataOptions), "union")]
[JsonDerivedType(typeof(TeacherAnswersDataOptions), "teacher-answers")]
public abstract record DataOptions : ComponentOptions
{
    /// <summary>Whether the set has pairs of a chosen and a rejected text, known before it is loaded.</summary>
    public abstract bool HasRejected { get; }

    /// <summary>Whether it certainly has no held-out texts, known before it is loaded.</summary>
    public virtual bool HasNoHeldOut => false;

    /// <summary>Whether it is certainly not drawn from a known distribution, known before it is loaded.</summary>
    public virtual bool HasNoExactSource => false;

    /// <summary>The data sets that this one is made of, by name; none for one that stands by itself.</summary>
    public virtual IReadOnlyList<string> MadeOf => [];

    /// <summary>
    /// A question as this set writes its prompts, and whether control tokens are marked in it (<see cref="ControlText"/>): as it is, unless
    /// the set has a template.
    /// </summary>
    public virtual (string Prompt, bool HasControls) PromptOf(string question) => (question, false);

    /// <summary>
    /// Loads or generates the set. Throws <see cref="InvalidInputException"/> naming file and line for what cannot be read.
    /// </summary>
    public abstract DataSet Load(DataContext context);

    /// <summary><see cref="Load"/>; what a plug-in's kind gives is checked.</summary>
    internal DataSet LoadChecked(DataContext context)
    {
        var set = Load(context);
        if (PluginComponent.Of(this) is not { } origin) return set;
        origin.NotNull(this, nameof(Load), set);
        foreach (var (name, split) in ((string, DataSplit)[])[("Train", set.Train), ("HeldOut", set.HeldOut)])
        {
            var texts = origin.NotNull(this, nameof(Load), split?.Texts, $"the texts of {name}");
            if (texts.Any(text => text is null)) throw origin.Fault(this, nameof(Load), $"gave null for a text of {name}.");
            foreach (var (what, others) in ((string, IReadOnlyList<string>?)[])[
                ("rejected texts", split!.Rejected), ("prompts", split.Prompts)])
            {
                if (others is not null && others.Count != texts.Count)
                    throw origin.Fault(this, nameof(Load),
                        $"gave {others.Count} {what} for {Amount.Of(texts.Count, "text")} of {name}; each belongs to a text.");
            }
        }
        if (set.Train.Texts.Count == 0) throw origin.Fault(this, nameof(Load), "gave no text to train on.");
        if (HasRejected && set.Train.Rejected is null)
            throw origin.Fault(this, nameof(Load), "gave no rejected texts, which HasRejected promises.");
        return set;
    }
}
