using TextGan.Operations.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations.Cpu;

/// <summary>Against LibTorch's products in double precision.</summary>
public class MatrixProductTests
{
    [SetUp]
    public void NeedsWideVectors() => Assume.That(Processor.HasWideVectors, "this processor has no AVX-512");

    [Test]
    public void Equals_the_product_in_doubles(
        [Values(1, 3, 8, 21)] int m, [Values(1, 16, 31, 48, 64, 150)] int n, [Values(1, 7, 70, 1600)] int k, [Values] bool turned,
            [Values] bool add)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (a, b, c) = (turned ? randn(k, m) : randn(m, k), randn(k, n), randn(m, n));
        var product = (turned ? a.t() : a).to_type(float64).mm(b.to_type(float64));
        var expected = add ? product + c.to_type(float64) : product;
        MatrixProduct.Multiply(m, n, k, a, turned ? 1 : k, turned ? m : 1, b, 0, n, c, 0, n, add);
        Assert.That((c.to_type(float64) - expected).abs().max().item<double>(), Is.LessThan(1e-5 * Math.Sqrt(k) + 1e-6));
    }

    /// <summary>What lies between the columns that are written and the next row stays as it is.</summary>
    [Test]
    public void Writes_only_its_own_columns()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (randn(5, 9), randn(9, 40), ones(5, 40));
        MatrixProduct.Multiply(5, 19, 9, a, 9, 1, b, 3, 40, c, 7, 40, false);
        var expected = ones(5, 40);
        expected.narrow(1, 7, 19).copy_(a.mm(b.narrow(1, 3, 19)));
        Assert.That((c - expected).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That(c.narrow(1, 26, 14).eq(1).all().item<bool>() && c.narrow(1, 0, 7).eq(1).all().item<bool>(), Is.True);
    }

    [Test]
    public void No_terms_make_zeros()
    {
        using var scope = NewDisposeScope();
        var c = ones(3, 20);
        MatrixProduct.Multiply(3, 20, 0, c, 0, 1, c, 0, 20, c, 0, 20, false);
        Assert.That(c.eq(0).all().item<bool>(), Is.True);
    }

    /// <summary>Wider than high: the columns are shared out.</summary>
    [TestCase(5, 500, 300)]
    [TestCase(64, 1000, 70)]
    public void Threads_that_share_columns_do_not_change_a_bit(int m, int n, int k)
    {
        if (!Processor.HasWideVectors) Assert.Ignore("These loops need AVX-512.");
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (a, b) = (randn(m, k), randn(k, n + 3)); // rows of B and C stand further apart than they are long
        var threads = get_num_threads();
        try
        {
            Tensor? first = null;
            foreach (var count in new[] { 1, 2, 3, 7 })
            {
                set_num_threads(count);
                var c = ones(m, n + 5);
                MatrixProduct.Multiply(m, n, k, a, k, 1, b, 0, n + 3, c, 0, n + 5, false);
                Assert.That((c.narrow(1, 0, n) - a.mm(b.narrow(1, 0, n))).abs().max().item<float>(), Is.LessThan(1e-4));
                Assert.That(c.narrow(1, n, 5).eq(ones(1)).all().item<bool>(), Is.True, "what stands beside C is left alone");
                Assert.That(c.equal(first ??= c).all().item<bool>(), Is.True);
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>Few rows take another tile than many.</summary>
    [Test]
    public void Row_does_not_depend_on_how_many_there_are([Values(1, 3, 4, 5, 7, 12)] int rows, [Values(16, 30, 32, 48, 64, 100)] int n)
    {
        if (!Processor.HasWideVectors) Assert.Ignore("These loops need AVX-512.");
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (a, b) = (randn(16, 50), randn(50, n));
        foreach (var add in new[] { false, true })
        {
            var (all, few) = (ones(16, n), ones(16, n));
            MatrixProduct.Multiply(16, n, 50, a, 50, 1, b, 0, n, all, 0, n, add);
            MatrixProduct.Multiply(rows, n, 50, a, 50, 1, b, 0, n, few, 0, n, add);
            Assert.That(few.narrow(0, 0, rows).equal(all.narrow(0, 0, rows)).all().item<bool>(), Is.True);
            Assert.That(few.narrow(0, rows, 16 - rows).eq(ones(1)).all().item<bool>(), Is.True, "rows below are left alone");
        }
    }

    [Test]
    public void Threads_do_not_change_a_bit()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (a, b) = (randn(203, 300), randn(300, 130));
        Tensor Product(int threads)
        {
            var before = get_num_threads();
            set_num_threads(threads);
            var c = empty(203, 130);
            MatrixProduct.Multiply(203, 130, 300, a, 300, 1, b, 0, 130, c, 0, 130, false);
            set_num_threads(before);
            return c;
        }
        Assert.That(Product(1).equal(Product(2)).all().item<bool>(), Is.True);
    }
}
