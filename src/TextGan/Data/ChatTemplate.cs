namespace TextGan.Data;

/// <summary>How the turns of a dialogue become the text of a prompt.</summary>
public enum ChatTemplate
{
    /// <summary>"Human: QUESTION\n\nAssistant:", without control tokens; it works with every tokenizer.</summary>
    Plain,

    /// <summary>ChatML: "&lt;|im_start|&gt;user\nQUESTION&lt;|im_end|&gt;\n&lt;|im_start|&gt;assistant\n".</summary>
    Chatml,

    /// <summary>
    /// Llama 3: "&lt;|start_header_id|&gt;user&lt;|end_header_id|&gt;\n\nQUESTION&lt;|eot_id|&gt;" and the assistant's header.
    /// </summary>
    Llama,

    /// <summary>Llama 2: "[INST] QUESTION [/INST]".</summary>
    [JsonStringEnumMemberName("llama-2")]
    Llama2,
}
