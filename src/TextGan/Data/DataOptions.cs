using System.Text.Json.Serialization;
using TextGan.Data.Grammar;
using TextGan.Data.Oracle;
using TextGan.Problems;

namespace TextGan.Data;

/// <summary>Where texts come from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TextDataOptions), "text")]
[JsonDerivedType(typeof(PreferenceDataOptions), "preferences")]
[JsonDerivedType(typeof(GrammarDataOptions), "grammar")]
[JsonDerivedType(typeof(OracleLstmDataOptions), "oracle-lstm")]
public abstract record DataOptions : ComponentOptions
{
    /// <summary>Whether the set has pairs of a chosen and a rejected text, known before it is loaded.</summary>
    [JsonIgnore]
    public abstract bool HasRejected { get; }

    /// <summary>Whether it certainly has no held-out texts, known before it is loaded.</summary>
    [JsonIgnore]
    public virtual bool HasNoHeldOut => false;

    /// <summary>Whether it is certainly not drawn from a known distribution, known before it is loaded.</summary>
    [JsonIgnore]
    public virtual bool HasNoExactSource => false;

    /// <summary>Loads or generates the set. Throws <see cref="InvalidInputException"/> naming file and line for what cannot be read.</summary>
    public abstract DataSet Load(DataContext context);
}
