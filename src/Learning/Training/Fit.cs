namespace FlowMeter.Learning.Training;

/// <summary>The result of a solver.</summary>
/// <param name="Parameters">The weights, the intercept last.</param>
/// <param name="Objective">The objective's value.</param>
/// <param name="Violation">The largest entry of the gradient, or of the smallest subgradient.</param>
/// <param name="Iterations">Number of iterations.</param>
/// <param name="Converged">Whether the violation is within ten times the tolerance of the problem.</param>
internal sealed record Fit(double[] Parameters, double Objective, double Violation, int Iterations, bool Converged);
