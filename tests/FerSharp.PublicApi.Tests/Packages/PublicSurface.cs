using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FerSharp.PublicApi.Tests;

/// <summary>What a library shows to its users: public and protected members of public types, as the compiler sees them.</summary>
internal static class PublicSurface
{
    /// <summary>All visible types of a library and their visible members, without what the compiler made by itself.</summary>
    public static IEnumerable<ISymbol> Of(string library)
    {
        MetadataReference reference = SnippetCompiler.References.Single(candidate => Path.GetFileName(candidate.Display) == library + ".dll");
        CSharpCompilation compilation = CSharpCompilation.Create("Surface", references: SnippetCompiler.References);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!;
        return TypesOf(assembly.GlobalNamespace).SelectMany(type => MembersOf(type).Prepend(type));
    }

    /// <summary>The types that a declaration mentions, taken apart down to the parts of arrays, pointers and generic types.</summary>
    public static IEnumerable<ITypeSymbol> Mentions(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Delegate } type => Mentions(type.DelegateInvokeMethod!),
        INamedTypeSymbol type => type.AllInterfaces.Cast<ITypeSymbol>().Append(type.BaseType).OfType<ITypeSymbol>().SelectMany(Parts),
        IMethodSymbol method => method.Parameters.Select(parameter => parameter.Type).Append(method.ReturnType).SelectMany(Parts),
        IPropertySymbol property => property.Parameters.Select(parameter => parameter.Type).Append(property.Type).SelectMany(Parts),
        IFieldSymbol field => Parts(field.Type),
        IEventSymbol @event => Parts(@event.Type),
        _ => [],
    };

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol inner => TypesOf(inner),
        INamedTypeSymbol type when IsVisible(type) => TypesOf(type).Prepend(type),
        _ => [],
    });

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type) => type.TypeKind == TypeKind.Delegate
        ? []
        : type.GetMembers().Where(member => IsVisible(member) && !IsImplicit(member));

    private static bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool IsImplicit(ISymbol member) =>
        member is INamedTypeSymbol
        || member is IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove }
        || member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 }
        || member is IFieldSymbol { IsConst: false, ContainingType.TypeKind: TypeKind.Enum }
        || member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute");

    private static IEnumerable<ITypeSymbol> Parts(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Parts(array.ElementType),
        IPointerTypeSymbol pointer => Parts(pointer.PointedAtType),
        INamedTypeSymbol { IsGenericType: true } generic => generic.TypeArguments.SelectMany(Parts).Prepend(generic),
        _ => [type],
    };
}
