using static TorchSharp.torch;

namespace FerSharp.Training.Tests;

public sealed class DetectionLossTests
{
    [Fact]
    public void Boxes_ByHand_AreEIoU()
    {
        Torch.Require();

        // A box of 2 x 2 around (0, 0) and one of 2 x 4 around (1, 0): they share 1 x 2, the frame is 3 x 4.
        using Tensor loss = DetectionLoss.Boxes(Double([0, 0, Math.Log(2), Math.Log(2)], 4), Double([1, 0, 2, 4], 4));
        double expected = 1 - (2.0 / (4 + 8 - 2)) + (1.0 / (9 + 16)) + 0 + (4.0 / 16);
        Assert.Equal(expected, loss.item<double>(), 1e-6);
    }

    [Fact]
    public void Boxes_TheSameBox_CostNothing()
    {
        Torch.Require();
        using Tensor loss = DetectionLoss.Boxes(Double([0.3, -0.2, Math.Log(1.5), Math.Log(2.5)], 4), Double([0.3, -0.2, 1.5, 2.5], 4));
        Assert.Equal(0, loss.item<double>(), 1e-6);
    }

    [Theory]
    [InlineData(0.2, 0.1, 0.5, 0.4)]
    [InlineData(3, -4, 0.5, 0.2)]
    [InlineData(-0.4, 0.3, 1.4, -0.6)]
    public void Boxes_Gradient_IsTheSlope(double x, double y, double width, double height)
    {
        Torch.Require();
        AssertGradient([x, y, width, height], values => DetectionLoss.Boxes(values.reshape(1, 4), Double([0.05, -0.1, 1.7, 2.1], 4)).sum());
    }

    [Fact]
    public void Boxes_ApartFromTheFace_ArePulledTowardsIt()
    {
        Torch.Require();
        Tensor values = Double([6, 0, 0, 0], 4).requires_grad_(true);
        DetectionLoss.Boxes(values, Double([0, 0, 1, 1], 4)).sum().backward();
        Assert.True(values.grad![0, 0].item<double>() > 0);
    }

    [Fact]
    public void Scores_Gradient_IsTheSlope()
    {
        Torch.Require();
        AssertGradient([-3, -0.5, 0.7, 2], values => DetectionLoss.Scores(values, Double([0, 0.8, 0.8, 1], 4).flatten(), Double([1, 1, 1, 0.5], 4).flatten()));
    }

    [Fact]
    public void Scores_OfIgnoredCells_CostNothing()
    {
        Torch.Require();
        Tensor logits = Double([5, -1], 2).flatten().requires_grad_(true);
        DetectionLoss.Scores(logits, Double([0, 0], 2).flatten(), Double([0, 1], 2).flatten()).backward();
        Assert.Equal(0, logits.grad![0].item<double>());
        Assert.NotEqual(0, logits.grad![1].item<double>());
    }

    [Fact]
    public void Scores_SureGround_WeighsLessThanUnsure()
    {
        Torch.Require();
        double Of(double logit) => DetectionLoss.Scores(Double([logit], 1).flatten(), Double([0], 1).flatten(), Double([1], 1).flatten()).item<double>();

        // log(1 + e^-4) times the squared probability.
        Assert.Equal(Math.Log(1 + Math.Exp(-4)) * Math.Pow(1 / (1 + Math.Exp(4)), 2), Of(-4), 1e-9);
        Assert.True(Of(-4) < 1e-4 * Of(1));
    }

    [Fact]
    public void Points_Gradient_IsTheSlope()
    {
        Torch.Require();
        double[] values = [0.01, 0.4, -0.3, 0.02, 0.7, -0.9, 0.03, 0.2, -0.01, 0.5];
        AssertGradient(values, v => DetectionLoss.Points(v.reshape(1, 10), zeros(1, 10, ScalarType.Float64), Double([0.6], 1).flatten()).sum());
    }

    [Fact]
    public void Points_NotKnown_CostNothing()
    {
        Torch.Require();
        Tensor values = ones(2, 10, ScalarType.Float64).requires_grad_(true);
        using Tensor loss = DetectionLoss.Points(values, zeros(2, 10, ScalarType.Float64), Double([0, 0.5], 2).flatten());
        loss.sum().backward();

        // A half of the face's size away: 0.5 less half of the bend at 0.05.
        Assert.Equal(0, loss[0].item<double>());
        Assert.Equal(0.475, loss[1].item<double>(), 1e-9);
        Assert.Equal(0, values.grad![0].abs().sum().item<double>());
    }

    private static Tensor Double(double[] values, int width) => tensor(values, [values.Length / width, width], ScalarType.Float64);

    /// <summary>Compares the gradient with differences of the loss.</summary>
    private static void AssertGradient(double[] at, Func<Tensor, Tensor> loss)
    {
        const double Step = 1e-5;
        Tensor values = tensor(at, ScalarType.Float64).requires_grad_(true);
        loss(values).backward();
        for (int i = 0; i < at.Length; i++)
        {
            double[] low = [.. at], high = [.. at];
            low[i] -= Step;
            high[i] += Step;
            double slope = (loss(tensor(high, ScalarType.Float64)).item<double>() - loss(tensor(low, ScalarType.Float64)).item<double>()) / (2 * Step);
            Assert.Equal(slope, values.grad![i].item<double>(), 1e-5);
        }
    }
}
