namespace TextGan.Generators;

/// <summary>The model that generates texts.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LstmGeneratorOptions), "lstm")]
[JsonDerivedType(typeof(RelationalMemoryGeneratorOptions), "relational-memory")]
[JsonDerivedType(typeof(TransformerGeneratorOptions), "transformer")]
[JsonDerivedType(typeof(PretrainedGeneratorOptions), "pretrained")]
[JsonDerivedType(typeof(LeakGeneratorOptions), "leak")]
public abstract record GeneratorOptions : ComponentOptions<GeneratorContext, Generator>
{
    /// <summary>
    /// The same generator, names of weights included, without any dropout, if it has some inside of a recurrent module, which CUDA's
    /// kernels keep up wherever a gradient is wanted; null where all of it can be turned off.
    /// </summary>
    public virtual GeneratorOptions? WithoutFusedDropout => null;

    /// <summary>
    /// The discriminator whose features of the text so far it reads (<see cref="GeneratorContext.Features"/>); null: none.
    /// </summary>
    public virtual string? ReadsFeaturesOf => null;

    /// <summary>Whether it has a manager that sets goals (<see cref="IGoalDirected"/>).</summary>
    public virtual bool HasGoals => false;

    /// <summary>What is wrong with the files that it names, and with the length of texts for the model in them.</summary>
    /// <param name="path">The JSON path of this record, without a trailing dot.</param>
    /// <param name="baseFolder">Relative paths start here.</param>
    /// <param name="length">T.</param>
    public virtual IEnumerable<Problem> CheckFiles(string path, string baseFolder, int length) => [];

    internal override void Check(PluginComponent origin, GeneratorContext context, Generator built)
    {
        origin.RequireDevice(this, built, context.Device);
        if (built.VocabularySize != context.VocabularySize)
            throw origin.Fault(built, nameof(built.VocabularySize),
                $"is {built.VocabularySize}; the tokenizer has {context.VocabularySize} tokens.");
        if (built.HiddenSize < 1) throw origin.Fault(built, nameof(built.HiddenSize), $"is {built.HiddenSize}; at least 1 is needed.");
    }
}
