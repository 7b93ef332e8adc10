namespace TextGan.Data.Rules;

/// <summary>A property that a text has or lacks exactly. It is a function of the text alone, whatever the tokenizer is.</summary>
public abstract class TextRule
{
    /// <summary>Whether the text has the property.</summary>
    public abstract bool Holds(string text);
}
