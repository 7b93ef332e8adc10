using System.Text.Json.Serialization;
using TextGan.Problems;

namespace TextGan.Generators;

/// <summary>The model that generates texts.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LstmGeneratorOptions), "lstm")]
[JsonDerivedType(typeof(TransformerGeneratorOptions), "transformer")]
public abstract record GeneratorOptions : ComponentOptions
{
    /// <summary>
    /// The same generator, names of weights included, without any dropout, if it has some inside of a recurrent module, which CUDA's kernels keep up
    /// wherever a gradient is wanted; null where all of it can be turned off.
    /// </summary>
    [JsonIgnore]
    public virtual GeneratorOptions? WithoutFusedDropout => null;

    public abstract Generator Build(GeneratorContext context);
}
