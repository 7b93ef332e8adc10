using System.Text;
using static TextGan.Tokenization.ControlText;

namespace TextGan.Data;

/// <summary>
/// The prompts that templates make of turns. Each ends where the assistant's answer begins, so that the end of a prompt is always marked.
/// The token that starts a text ("&lt;|begin_of_text|&gt;", "&lt;s&gt;") is not part of them: the generator reads it before a prompt.
/// </summary>
internal static class ChatTemplates
{
    /// <summary>The prompt for the answer to these turns; empty where there are none.</summary>
    /// <param name="template">The form.</param>
    /// <param name="turns">What was said; a turn without a role is a question.</param>
    /// <param name="tidy">Makes the text of a turn what it shall be (folded, or without white space around it).</param>
    /// <exception cref="FormatException">A turn cannot be written in this form.</exception>
    public static string Prompt(ChatTemplate template, IEnumerable<Turn> turns, Func<string, string> tidy)
    {
        Turn[] all = [.. turns.Select(turn => new Turn(turn.Role.Length == 0 ? Turn.Human : turn.Role, tidy(turn.Text)))];
        if (all.All(turn => turn.Text.Length == 0)) return "";
        if (all.Any(turn => HasMarks(turn.Text)))
            throw new FormatException("A turn has U+FDD0 or U+FDD1, which are no characters of Unicode and mark control tokens here.");
        return template switch
        {
            ChatTemplate.Chatml => Chatml(all),
            ChatTemplate.Llama => Llama(all),
            ChatTemplate.Llama2 => Llama2(all),
            _ => tidy(string.Concat(all.Select(turn => $"{turn.Role}: {turn.Text}\n\n")) + $"{Turn.Assistant}:"),
        };
    }

    /// <summary><see cref="DataOptions.PromptOf"/>.</summary>
    /// <exception cref="InvalidInputException">The question is a dialogue that cannot be written in this form.</exception>
    public static (string Prompt, bool HasControls) PromptOf(ChatTemplate? template, string question)
    {
        if (template is not { } form) return (question, false);
        try
        {
            return (Prompt(form, new PreferenceField(question, null).Turns, PreferenceLineParser.Fold), true);
        }
        catch (FormatException fault)
        {
            throw new InvalidInputException("the prompt", fault.Message);
        }
    }

    /// <summary>https://github.com/openai/openai-python/blob/release-v0.28.0/chatml.md</summary>
    static string Chatml(IEnumerable<Turn> turns)
    {
        return string.Concat(turns.Select(turn => $"{Head(RoleOf(turn))}{turn.Text}{Token("<|im_end|>")}\n")) + Head("assistant");

        static string Head(string role) => $"{Token("<|im_start|>")}{role}\n";
    }

    /// <summary>https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/</summary>
    static string Llama(IEnumerable<Turn> turns)
    {
        return string.Concat(turns.Select(turn =>
            $"{Head(turn.Role == Turn.Tool ? "ipython" : RoleOf(turn))}{turn.Text}{Token("<|eot_id|>")}")) + Head("assistant");

        static string Head(string role) => $"{Token("<|start_header_id|>")}{role}{Token("<|end_header_id|>")}\n\n";
    }

    /// <summary>https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-2/: questions and answers take turns.</summary>
    static string Llama2(Turn[] turns)
    {
        var system = turns is [{ Role: Turn.System } first, ..] ? first.Text : null;
        if (system is not null) turns = turns[1..];
        var isQuestion = true;
        var prompt = new StringBuilder();
        foreach (var turn in turns)
        {
            if (turn.Role != (isQuestion ? Turn.Human : Turn.Assistant))
                throw new FormatException("The template \"llama-2\" needs a question, an answer, a question and so on, perhaps after one " +
                    $"system turn; a turn of the role {RoleOf(turn)} is out of place.");
            if (!isQuestion) prompt.Append($" {turn.Text} {Token("</s>")}{Token("<s>")}");
            else prompt.Append($"[INST] {(system is null ? "" : $"<<SYS>>\n{system}\n<</SYS>>\n\n")}{turn.Text} [/INST]");
            (isQuestion, system) = (!isQuestion, null);
        }
        return isQuestion ? throw new FormatException("The template \"llama-2\" needs a question as the last turn before the text.")
            : prompt.ToString();
    }

    static string RoleOf(Turn turn) => turn.Role switch
    {
        Turn.Human => "user",
        Turn.Assistant => "assistant",
        Turn.System => "system",
        _ => "tool",
    };
}
