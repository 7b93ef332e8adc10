namespace TextGan.Tokenization;

/// <summary>A published vocabulary of OpenAI's tiktoken.</summary>
public enum TiktokenEncoding
{
    /// <summary>100,277 ids: GPT-4 and GPT-3.5.</summary>
    [JsonStringEnumMemberName("cl100k_base")]
    Cl100kBase,

    /// <summary>200,019 ids: GPT-4o.</summary>
    [JsonStringEnumMemberName("o200k_base")]
    O200kBase,
}
