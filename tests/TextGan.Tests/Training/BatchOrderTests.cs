using TextGan.Storage;
using TextGan.Training;

namespace TextGan.Tests.Training;

public class BatchOrderTests
{
    [Test]
    public void Each_epoch_has_every_row_once_in_another_order()
    {
        var order = new BatchOrder(10, seed: 1, "x");
        long[][] epochs = [order.Next(10), order.Next(10)];
        Assert.That(epochs[0], Is.EquivalentTo(Enumerable.Range(0, 10)));
        Assert.That(epochs[1], Is.EquivalentTo(Enumerable.Range(0, 10)));
        Assert.That(epochs[0], Is.Not.EqualTo(epochs[1]));
    }

    [Test]
    public void A_batch_runs_over_into_the_next_epoch()
    {
        var order = new BatchOrder(3, seed: 1, "x");
        var rows = order.Next(7);
        Assert.That(rows[..3], Is.EquivalentTo(new[] { 0, 1, 2 }));
        Assert.That(rows[3..6], Is.EquivalentTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void The_last_batch_of_an_epoch_has_what_is_left()
    {
        var (order, whole) = (new BatchOrder(7, seed: 1, "x"), new BatchOrder(7, seed: 1, "x"));
        foreach (var epoch in (int[])[1, 2])
        {
            long[][] batches = [order.NextInEpoch(3), order.NextInEpoch(3), order.NextInEpoch(3)];
            Assert.That(batches.Select(batch => batch.Length), Is.EqualTo(new[] { 3, 3, 1 }));
            Assert.That(batches.SelectMany(batch => batch), Is.EqualTo(whole.Next(7)), "the order is the same");
        }
        Assert.That(order.NextInEpoch(64), Has.Length.EqualTo(7), "fewer rows than a batch");
    }

    [Test]
    public void Goes_on_where_it_was_saved()
    {
        var bag = new StateBag();
        var first = new BatchOrder(10, seed: 3, "x");
        first.Next(13);
        first.Save(bag);
        var second = new BatchOrder(10, seed: 3, "x");
        second.Load(bag);
        Assert.That(second.Next(20), Is.EqualTo(first.Next(20)));
    }

    [Test]
    public void Seeds_and_purposes_give_other_orders() =>
        Assert.That(new[] { (1, "a"), (2, "a"), (1, "b") }.Select(p => string.Join(',', new BatchOrder(20, p.Item1, p.Item2).Next(20)))
            .Distinct().Count(), Is.EqualTo(3));
}
