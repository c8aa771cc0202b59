using FerSharp.Onnx;
using Microsoft.ML;
using Microsoft.ML.Transforms.Onnx;

namespace FerSharp.MLNet;

/// <summary>Loads ONNX models into ML.NET's OnnxTransformer.</summary>
internal static class OnnxGraph
{
    private const string NativePackage = "Microsoft.ML.OnnxRuntime";

    /// <summary>Loads a model as its manifest says.</summary>
    /// <exception cref="FerModelException">Manifest, model or runtime is at fault.</exception>
    public static RowModel Load(ModelPackage package, int intraOpThreads, IReadOnlyList<string> outputNames)
    {
        PreprocessingSpec input = package.Manifest.Input;
        DataViewSchema schema = input.Layout == TensorLayout.Nchw
            ? RowEngine.Schema(input.Name, 1, input.Channels, input.Height, input.Width)
            : RowEngine.Schema(input.Name, 1, input.Height, input.Width, input.Channels);
        return new RowModel(CreateTransformer(package, intraOpThreads, outputNames, schema), schema, outputNames, package.Manifest.Id, package.Manifest.File);
    }

    private static OnnxTransformer CreateTransformer(ModelPackage package, int intraOpThreads, IReadOnlyList<string> outputNames, DataViewSchema schema)
    {
        OnnxTelemetry.Disable();

        // OnnxTransformer takes the number of threads only with a file; it has read all of it once it is made.
        string file = Path.Combine(Path.GetTempPath(), $"fersharp-{Guid.NewGuid():N}.onnx");
        try
        {
            using (FileStream stream = File.Create(file))
            {
                stream.Write(package.Content.Span);
            }

            return new MLContext().Transforms.ApplyOnnxModel(new OnnxOptions
            {
                ModelFile = file,
                InputColumns = [schema[0].Name],
                OutputColumns = [.. outputNames],
                IntraOpNumThreads = intraOpThreads,
                InterOpNumThreads = 1,
            }).Fit(new EmptyView(schema));
        }
        catch (Exception e) when (NativeLibraries.IsMissing(e))
        {
            throw new FerModelException(package.Manifest.Id, $"ONNX Runtime's native library cannot be loaded. Add the package {NativePackage} to the application: Microsoft.ML.OnnxTransformer brings only the managed part. Cause: {e.GetBaseException().Message}", e);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException or UnauthorizedAccessException))
        {
            throw new FerModelException(package.Manifest.Id, $"ML.NET cannot load '{package.Manifest.File}' ({package.Content.Length} bytes) with the input '{schema[0].Name}' of {schema[0].Type} and the outputs {string.Join(", ", outputNames)}: {e.GetBaseException().Message}", e);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
