using TextGan.Native;
using TorchSharp;
using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;

namespace TextGan.Tests.Native;

public class HeldScalarsTests
{
    [Test]
    public void Keeps_the_kind_of_a_number()
    {
        using var scope = NewDisposeScope();
        Assert.That((Held(2).Type, Held(2L).Type, Held(2f).Type, Held(0.1).Type),
            Is.EqualTo((((Scalar)2).Type, ((Scalar)2L).Type, ((Scalar)2f).Type, ((Scalar)0.1).Type)));
        Assert.That((Held(long.MaxValue).ToInt64(), Held(0.1).ToDouble(), Held(double.NegativeInfinity).ToDouble()),
            Is.EqualTo((long.MaxValue, 0.1, double.NegativeInfinity)));
        var whole = tensor([1L, 2L]);
        Assert.That((whole.Plus(1).dtype, whole.Plus(0.5).dtype, (whole * Held(2)).dtype, Held(1).Minus(whole).dtype),
            Is.EqualTo((int64, float32, int64, int64)));
    }

    static readonly (string Name, Func<Tensor, Tensor> Own, Func<Tensor, Tensor> TorchSharps)[] Pairs =
    [
        ("sum", x => x.Plus(x.flip(0)), x => x + x.flip(0)),
        ("sum with a number", x => x.Plus(0.1), x => x + 0.1),
        ("sum with an integer", x => x.Plus(3), x => 3 + x),
        ("difference", x => Held(1).Minus(x), x => 1 - x),
        ("product", x => Held(0.1) * x * Held(3), x => 0.1 * x * 3),
        ("quotient", x => Held(0.1) / x / Held(3), x => 0.1 / x / 3),
        ("square", x => x.Squared(), x => x.square()),
        ("softplus", x => x.Softplus(), x => nn.functional.softplus(x)),
        ("in place", x => (x * Held(1)).AddInPlace(x).AddInPlace(0.1), x => (x * 1).add_(x).add_(0.1)),
        ("indices", x => Indices(6, float32) * x, x => arange(6, float32) * x),
        ("norm", x => x.norm(), x => linalg.vector_norm(x)), // what GradientNorm takes
    ];

    static IEnumerable<TestCaseData> Cases() =>
        Pairs.Select(pair => new TestCaseData(pair.Own, pair.TorchSharps).SetArgDisplayNames(pair.Name));

    [TestCaseSource(nameof(Cases))]
    public void Gives_the_bits_and_gradients_of_TorchSharps_form(Func<Tensor, Tensor> own, Func<Tensor, Tensor> other)
    {
        using var scope = NewDisposeScope();
        float[] numbers = [-30, -0.7f, 0.1f, 1, 19.99f, 21]; // softplus is linear above 20
        var (x, y) = (tensor(numbers, requires_grad: true), tensor(numbers, requires_grad: true));
        var (a, b) = (own(x), other(y));
        a.sum().backward();
        b.sum().backward();
        Assert.That((a.equal(b).all().item<bool>(), x.grad!.equal(y.grad!).all().item<bool>()), Is.EqualTo((true, true)));
    }

    [Test]
    public void The_last_ones_of_each_thread_are_kept()
    {
        static WeakReference Make() => new(Held(0.25));
        static void MakeOthers(int count)
        {
            for (var i = 0; i < count; i++) Held(i);
        }
        var reference = Make();
        MakeOthers(63);
        new Thread(() => MakeOthers(1000)).Start();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(reference.IsAlive);
        MakeOthers(1);
        GC.Collect();
        Assert.That(reference.IsAlive, Is.False, "they do not pile up");
    }
}
