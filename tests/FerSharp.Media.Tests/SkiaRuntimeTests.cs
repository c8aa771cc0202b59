using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FerSharp.Media.Tests;

public sealed class SkiaRuntimeTests
{
    [Fact]
    public void Load_NativeLibraryMissing_NamesThePackageToAdd()
    {
        var context = new AssemblyLoadContext("no native library", isCollectible: false);
        string folder = AppContext.BaseDirectory;
        context.Resolving += (c, name) => name.Name is "FerSharp.Media" or "SkiaSharp" ? c.LoadFromAssemblyPath(Path.Combine(folder, name.Name + ".dll")) : null;
        Assembly skia = context.LoadFromAssemblyPath(Path.Combine(folder, "SkiaSharp.dll"));
        NativeLibrary.SetDllImportResolver(skia, (name, _, _) => throw new DllNotFoundException($"Unable to load {name}."));
        Assembly media = context.LoadFromAssemblyPath(Path.Combine(folder, "FerSharp.Media.dll"));
        MethodInfo load = media.GetType("FerSharp.Media.ImageFile", throwOnError: true)!.GetMethods().Single(m => m.Name == "Load" && m.GetParameters()[0].ParameterType == typeof(Stream));
        for (int attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<TargetInvocationException>(() => load.Invoke(null, [new MemoryStream([1, 2, 3]), null]));
            var inner = Assert.IsType<InvalidOperationException>(error.InnerException);
            Assert.Contains("SkiaSharp.NativeAssets.Linux.NoDependencies", inner.Message, StringComparison.Ordinal);
        }
    }
}
