using TextGan.Schedules;

namespace TextGan.Tests.Schedules;

public class ScheduleTests
{
    static IEnumerable<TestCaseData> Values()
    {
        yield return new TestCaseData(new ConstantScheduleOptions { Value = 3 }, 5L, 3.0);
        yield return new TestCaseData(new LinearScheduleOptions { From = 2, To = 4 }, 0L, 2.0);
        yield return new TestCaseData(new LinearScheduleOptions { From = 2, To = 4 }, 5L, 3.0); // 5 of 10 steps: half way
        yield return new TestCaseData(new LinearScheduleOptions { From = 2, To = 4 }, 10L, 4.0);
        yield return new TestCaseData(new LinearScheduleOptions { From = 2, To = 4 }, 99L, 4.0);
        yield return new TestCaseData(new ExponentialScheduleOptions { From = 1, To = 0.01 }, 5L, 0.1); // geometric mean
        yield return new TestCaseData(new CosineScheduleOptions { From = 1, To = 0 }, 5L, 0.5);
        yield return new TestCaseData(new CosineScheduleOptions { From = 1, To = 0 }, 0L, 1.0);
        yield return new TestCaseData(new StepScheduleOptions { From = 0, To = 1, At = 4 }, 3L, 0.0);
        yield return new TestCaseData(new StepScheduleOptions { From = 0, To = 1, At = 4 }, 4L, 1.0);
    }

    [TestCaseSource(nameof(Values))]
    public void Values_of_eleven_steps(ScheduleOptions schedule, long step, double expected) =>
        Assert.That(schedule.ValueAt(step, 11), Is.EqualTo(expected).Within(1e-12));
}
