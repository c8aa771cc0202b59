using System.Security.Cryptography;

namespace FerSharp;

/// <summary>A manifest and the bytes of the model it describes: what a backend loads. Immutable.</summary>
/// <remarks>The static methods check the bytes against the manifest's SHA-256; the constructor takes both as they are.</remarks>
/// <param name="Manifest">The manifest.</param>
/// <param name="Content">The model file's bytes; not copied.</param>
public sealed record ModelPackage(ModelManifest Manifest, ReadOnlyMemory<byte> Content)
{
    /// <summary>The name of a manifest in its folder.</summary>
    public const string ManifestFileName = "model.json";

    /// <summary>Loads a manifest and the model file that it names, which lies in the manifest's folder or below.</summary>
    /// <param name="folderOrManifestPath">A folder that holds <c>model.json</c>, or the path of a manifest.</param>
    /// <returns>The manifest and the model's bytes, checked.</returns>
    /// <exception cref="ArgumentException"><paramref name="folderOrManifestPath"/> is null or empty.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or manifest.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no <c>model.json</c>, or the path names a JSON file that is not there.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="FerModelException">The manifest is at fault; or the model file is missing, empty, too large or not the one that was meant.</exception>
    public static ModelPackage Load(string folderOrManifestPath)
    {
        string manifestPath = FindManifest(folderOrManifestPath);
        ModelManifest manifest = ReadManifest(manifestPath);
        string modelPath = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!, manifest.File);
        if (!File.Exists(modelPath))
        {
            throw new FerModelException(
                manifest.Id, $"The model file '{modelPath}', named by $.file of the manifest, is missing; put it there or correct the manifest.");
        }

        return Checked(manifest, ReadModel(manifest, modelPath));
    }

    /// <summary>Loads a manifest and a model file from anywhere; the manifest's own <c>file</c> is not looked at.</summary>
    /// <param name="manifestPath">The path of a manifest, or a folder that holds <c>model.json</c>.</param>
    /// <param name="modelPath">The path of the model file.</param>
    /// <returns>The manifest and the model's bytes, checked.</returns>
    /// <exception cref="ArgumentException">A path is null or empty.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or manifest.</exception>
    /// <exception cref="FileNotFoundException">The manifest or the model file is not there.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="FerModelException">The manifest is at fault; or the model file is empty, too large or not the one that was meant.</exception>
    public static ModelPackage Load(string manifestPath, string modelPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ModelManifest manifest = ReadManifest(FindManifest(manifestPath));
        if (!File.Exists(modelPath))
        {
            throw new FileNotFoundException($"There is no model file '{Path.GetFullPath(modelPath)}'.", modelPath);
        }

        return Checked(manifest, ReadModel(manifest, modelPath));
    }

    /// <summary>Makes a package from a manifest's text and a model's bytes, such as embedded resources.</summary>
    /// <param name="manifestJson">The manifest in UTF-8. Borrowed for the call.</param>
    /// <param name="modelBytes">The model file's bytes; kept, not copied: do not change them.</param>
    /// <returns>The manifest and the model's bytes, checked.</returns>
    /// <exception cref="FerModelException">The manifest is at fault; or the bytes are empty or not those that were meant.</exception>
    public static ModelPackage FromBytes(ReadOnlySpan<byte> manifestJson, ReadOnlyMemory<byte> modelBytes) =>
        Checked(ModelManifestReader.Read(manifestJson, ManifestFileName), modelBytes);

    /// <summary>The hash of a model file as manifests give it.</summary>
    /// <param name="content">The file's bytes. Borrowed for the call.</param>
    /// <returns>SHA-256 in 64 lower-case hex digits.</returns>
    public static string ComputeSha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string FindManifest(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            return path;
        }

        if (Directory.Exists(path))
        {
            string inFolder = Path.Combine(path, ManifestFileName);
            return File.Exists(inFolder)
                ? inFolder
                : throw new FileNotFoundException($"The folder '{Path.GetFullPath(path)}' holds no {ManifestFileName}.", inFolder);
        }

        string full = Path.GetFullPath(path);
        throw Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
            ? new FileNotFoundException($"There is no manifest '{full}'.", path)
            : new DirectoryNotFoundException($"There is no folder '{full}' with a {ManifestFileName}, nor a manifest of that name.");
    }

    private static ModelManifest ReadManifest(string path)
    {
        using FileStream stream = File.OpenRead(path);
        // One byte more than may be, so that the reader sees and says that there is too much.
        var buffer = new byte[Math.Min(stream.Length, ModelManifestReader.MaxBytes + 1)];
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return ModelManifestReader.Read(buffer.AsSpan(0, count), path);
    }

    private static byte[] ReadModel(ModelManifest manifest, string path)
    {
        long length = new FileInfo(path).Length;
        return length <= Array.MaxLength
            ? File.ReadAllBytes(path)
            : throw new FerModelException(manifest.Id, $"The model file '{path}' has {length} bytes; at most {Array.MaxLength} can be loaded.");
    }

    private static ModelPackage Checked(ModelManifest manifest, ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty)
        {
            throw new FerModelException(manifest.Id, $"The model file '{manifest.File}' is empty; fetch it again.");
        }

        if (manifest.Sha256 is { } expected && ComputeSha256(content.Span) is var actual && actual != expected)
        {
            throw new FerModelException(
                manifest.Id,
                $"The model file '{manifest.File}' has SHA-256 {actual}, the manifest says {expected}; fetch the right file or correct $.sha256.");
        }

        return new ModelPackage(manifest, content);
    }
}
