namespace TextGan.Generators.Decoder;

/// <summary>A generator made of layers whose adapters and activations can be switched.</summary>
interface IDecoder
{
    DecoderSwitches Switches { get; }

    /// <summary>The layers that have adapters unless others are asked for, by the last part of their names.</summary>
    IReadOnlyList<string> UsualTargets { get; }

    /// <summary>Whether Hugging Face's files hold its matrices as [I,O].</summary>
    bool StoresTransposed { get; }
}
