using SkiaSharp;

namespace FerSharp.Media;

/// <summary>Says in words what to add when Skia's native library is not there.</summary>
internal static class SkiaRuntime
{
    private static volatile bool _ready;

    /// <exception cref="InvalidOperationException">The native library is missing or does not fit.</exception>
    public static void Require()
    {
        if (_ready)
        {
            return;
        }

        try
        {
            using SKData probe = SKData.CreateCopy([0]);
            _ready = true;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            Exception cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
            throw new InvalidOperationException(
                "SkiaSharp's native library cannot be used: " + cause.Message + " Add the package SkiaSharp.NativeAssets.Linux.NoDependencies (Linux), "
                + "SkiaSharp.NativeAssets.Win32 (Windows) or SkiaSharp.NativeAssets.macOS (macOS) to the application, in the same version as SkiaSharp.", e);
        }
    }
}
