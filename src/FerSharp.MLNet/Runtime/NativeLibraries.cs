namespace FerSharp.MLNet;

/// <summary>Native libraries that are not there, or are of another machine or version.</summary>
internal static class NativeLibraries
{
    /// <summary>Whether a failure is a native library's, however deep it lies.</summary>
    public static bool IsMissing(Exception? e) =>
        e is not null && (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException || IsMissing(e.InnerException));

    /// <summary>What to say where LightGBM's trainer cannot be loaded. Its trees are read by ML.NET itself, so only a training needs it.</summary>
    public static FerModelException LightGbmFault(Exception cause) => new(
        "LightGBM",
        $"LightGBM's native library cannot be loaded. On Linux it needs libgomp.so.1: install libgomp1 (Debian, Ubuntu) or libgomp (Fedora, Alpine); on macOS it needs libomp. Or leave {nameof(HeadAlgorithm.LightGbm)} out of {nameof(HeadTrainingOptions)}.{nameof(HeadTrainingOptions.Algorithms)}. Cause: {cause.GetBaseException().Message}",
        cause);
}
