namespace TextGan.Tests.Plugin;

/// <summary>What a component does that it must not do.</summary>
public enum Fault
{
    None,
    ThrowInBuild,
    Throw,
    Null,
    Shape,
    NotANumber,
    Device,
    Type,
    Detached,
    Invalid,
    Ends,
}
