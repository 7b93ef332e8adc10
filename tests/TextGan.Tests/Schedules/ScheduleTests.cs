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
        yield return new TestCaseData(new PowerScheduleOptions { From = 1, To = 101 }, 0L, 1.0);
        yield return new TestCaseData(new PowerScheduleOptions { From = 1, To = 101 }, 5L, 26.0); // half way: a quarter
        yield return new TestCaseData(new PowerScheduleOptions { From = 1, To = 101 }, 10L, 101.0);
        yield return new TestCaseData(new PowerScheduleOptions { From = 2, To = 0, Exponent = 0.5 }, 9L, 2 - 2 * 0.9486832980505138); // √.9
        yield return new TestCaseData(new LogarithmicScheduleOptions { From = 1, To = 3 }, 0L, 1.0);
        // ln 4 / ln 11 = 1.3862943611 / 2.3978952728
        yield return new TestCaseData(new LogarithmicScheduleOptions { From = 1, To = 3 }, 3L, 1 + 2 * 0.5781296526);
        yield return new TestCaseData(new LogarithmicScheduleOptions { From = 1, To = 3 }, 10L, 3.0);
        yield return new TestCaseData(new LogarithmicScheduleOptions { From = 1, To = 3 }, 99L, 3.0);
        yield return new TestCaseData(new SigmoidScheduleOptions { From = 1, To = 3 }, 5L, 2.0);
        // σ(-10) = 1/(1 + 22026.4657948) and σ(2) = 1/(1 + 0.1353352832)
        yield return new TestCaseData(new SigmoidScheduleOptions { From = 1, To = 3 }, 0L, 1 + 2 * 4.539786870e-5);
        yield return new TestCaseData(new SigmoidScheduleOptions { From = 1, To = 3 }, 6L, 1 + 2 * 0.8807970780);
        yield return new TestCaseData(new StepScheduleOptions { From = 0, To = 1, At = 4 }, 3L, 0.0);
        yield return new TestCaseData(new StepScheduleOptions { From = 0, To = 1, At = 4 }, 4L, 1.0);
    }

    static IEnumerable<TestCaseData> OneStep() =>
        from schedule in (ScheduleOptions[])[new PowerScheduleOptions { To = 5 }, new LogarithmicScheduleOptions { To = 5 }]
        select new TestCaseData(schedule);

    /// <summary>As all schedules, they have their last value where the first step is the last.</summary>
    [TestCaseSource(nameof(OneStep))]
    public void One_step_has_the_last_value(ScheduleOptions schedule) => Assert.That(schedule.ValueAt(0, 1), Is.EqualTo(5));

    [TestCaseSource(nameof(Values))]
    public void Values_of_eleven_steps(ScheduleOptions schedule, long step, double expected) =>
        Assert.That(schedule.ValueAt(step, 11), Is.EqualTo(expected).Within(1e-9));
}
