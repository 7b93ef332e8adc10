namespace TextGan.Native;

/// <summary>Puts a module into evaluation mode (no dropout) until it is disposed of, and then back into the mode that it was in.</summary>
public sealed class EvaluationMode : IDisposable
{
    readonly nn.Module? training;

    public EvaluationMode(nn.Module module)
    {
        if (!module.training) return;
        training = module;
        module.eval();
    }

    public void Dispose() => training?.train();
}
