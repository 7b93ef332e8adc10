using System.Text.Json.Serialization;
using TextGan.Problems;

namespace TextGan.Generators;

/// <summary>The model that writes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LstmGeneratorOptions), "lstm")]
[JsonDerivedType(typeof(TransformerGeneratorOptions), "transformer")]
public abstract record GeneratorOptions : ComponentOptions
{
    public abstract Generator Build(GeneratorContext context);
}
