using FlowMeter.Cli.Shell;

namespace FlowMeter.Tests.Cli.Shell;

public sealed class SurvivedFailureTests
{
    [Fact]
    public void A_defect_is_told_once_and_what_the_system_refuses_is_not()
    {
        List<string> told = [];
        SurvivedFailure failure = new("page", told.Add);
        failure.Tell(new IOException("no room"));
        failure.Tell(new InsufficientMemoryException());
        Assert.Empty(told);
        failure.Tell(new InvalidOperationException("first"));
        failure.Tell(new InvalidOperationException("second"));
        Assert.Equal(
            ["page: a defect of the program, and the run goes on; please report it. InvalidOperationException: first"], told);
    }
}
