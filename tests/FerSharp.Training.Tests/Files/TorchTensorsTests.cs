using CsCheck;

namespace FerSharp.Training.Tests;

public sealed class TorchTensorsTests
{
    public static TheoryData<string> Files => ["state.pth", "state_old.pth"];

    [Theory, MemberData(nameof(Files))]
    public void Read_StateDictionary_GivesItsFloatTensorsInOrder(string file)
    {
        List<NamedWeights> tensors = TorchTensors.Read(Content(file));

        Assert.Equal(["features.0.weight", "features.0.bias", "classifier.weight"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([[2, 2, 3, 3], [2], [3, 100]], tensors.Select(tensor => tensor.Shape));
        Assert.All(tensors, tensor => Assert.Equal(Enumerable.Range(0, tensor.Values.Length).Select(i => (float)i), tensor.Values));
    }

    [Theory, MemberData(nameof(Files))]
    public void Load_StateDictionary_FindsItsConvolution(string file) =>
        Assert.Equal(1, PretrainedWeights.Load(TestFiles.InRepository("tests", "golden", "torch", file)).Count);

    [Theory, MemberData(nameof(Files))]
    public void Read_FileCutShort_IsRefusedOrHasLess(string file)
    {
        byte[] content = Content(file);
        for (int length = 0; length < content.Length; length += 7)
        {
            AssertReadOrRefused(content[..length]);
        }

        Assert.Throws<InvalidDataException>(() => TorchTensors.Read(content[..^9]));
    }

    [Theory, MemberData(nameof(Files))]
    public void Read_FileWithDamage_IsReadOrRefused(string file) => Gen.Select(Gen.Int[0, 3000], Gen.Byte).Sample((position, value) =>
    {
        byte[] content = Content(file);
        content[position % content.Length] = value;
        AssertReadOrRefused(content);
    });

    [Fact]
    public void Read_PickleOfACall_CallsNothing()
    {
        // A pickle that asks for os.system("true"): it comes back as a name and its arguments.
        byte[] pickle = [.. "\u0080\u0002cposix\nsystem\nX\u0004\0\0\0true\u0085R."u8.ToArray().Where(b => b != 0xc2)];
        PickleCall call = Assert.IsType<PickleCall>(new PickleReader(pickle).Read());

        Assert.Equal(new PickleName("posix", "system"), call.Function);
        Assert.Equal(["true"], call.Arguments);
    }

    private static byte[] Content(string file) => File.ReadAllBytes(TestFiles.InRepository("tests", "golden", "torch", file));

    private static void AssertReadOrRefused(byte[] content)
    {
        try
        {
            TorchTensors.Read(content);
        }
        catch (InvalidDataException)
        {
        }
    }
}
