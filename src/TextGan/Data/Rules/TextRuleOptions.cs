namespace TextGan.Data.Rules;

/// <summary>An exact property of a text: what a text contains, how long it is, and combinations of such properties.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ContainsRuleOptions), "contains")]
[JsonDerivedType(typeof(RegexRuleOptions), "regex")]
[JsonDerivedType(typeof(LengthRuleOptions), "length")]
[JsonDerivedType(typeof(TailRuleOptions), "tail")]
[JsonDerivedType(typeof(AllRuleOptions), "all")]
[JsonDerivedType(typeof(AnyRuleOptions), "any")]
[JsonDerivedType(typeof(NotRuleOptions), "not")]
public abstract record TextRuleOptions : ComponentOptions<BuildContext, TextRule>
{
    /// <summary>The rule, ready to be asked.</summary>
    public TextRule Build() => BuildChecked(new BuildContext());
}
