using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

/// <summary>
/// A command line for the C# compiler, Roslyn: each argument is a response file and makes an assembly. Roslyn is called
/// without types, since the compiler that this is compiled with cannot read its assemblies.
/// </summary>
internal static class Compiler
{
    private const int Warning = 2;
    private const int Error = 3;

    private static readonly Assembly Common = Assembly.Load("Microsoft.CodeAnalysis");
    private static readonly Assembly CSharp = Assembly.Load("Microsoft.CodeAnalysis.CSharp");

    public static int Main(string[] responseFiles)
    {
        return responseFiles.All(Compile) ? 0 : 1;
    }

    private static bool Compile(string responseFile)
    {
        dynamic parser = CSharp.GetType("Microsoft.CodeAnalysis.CSharp.CSharpCommandLineParser").GetProperty("Default").GetValue(null);
        dynamic given = parser.Parse(new[] { "@" + responseFile }, Directory.GetCurrentDirectory(), null, null);
        if (!HasNoErrors(given.Errors)) return false;
        dynamic compilation = Call(CSharp, "CSharpCompilation", "Create", given.CompilationName, null, null, given.CompilationOptions);
        foreach (dynamic file in given.SourceFiles) compilation = compilation.AddSyntaxTrees(Parse(file.Path, given.ParseOptions));
        foreach (dynamic file in given.MetadataReferences) compilation = compilation.AddReferences(Refer(file));
        Directory.CreateDirectory(given.OutputDirectory);
        using (Stream assembly = File.Create(Path.Combine(given.OutputDirectory, given.OutputFileName)))
        using (Stream documentation = given.DocumentationPath == null ? new MemoryStream() : (Stream)File.Create(given.DocumentationPath))
        {
            return HasNoErrors(compilation.Emit(assembly, xmlDocumentationStream: documentation, options: given.EmitOptions).Diagnostics);
        }
    }

    private static dynamic Parse(string path, object options)
    {
        return Call(CSharp, "CSharpSyntaxTree", "ParseText", File.ReadAllText(path), options, path, Encoding.UTF8);
    }

    private static dynamic Refer(dynamic file)
    {
        return Call(Common, "MetadataReference", "CreateFromFile", file.Reference, file.Properties);
    }

    /// <summary>Calls the static method whose parameters take these arguments; the others have their defaults.</summary>
    private static object Call(Assembly assembly, string type, string name, params object[] args)
    {
        foreach (MethodInfo method in assembly.GetExportedTypes().Single(one => one.Name == type).GetMethods())
        {
            ParameterInfo[] parameters = method.GetParameters();
            if (method.Name != name || !Fits(parameters, args)) continue;
            IEnumerable<object> rest = parameters.Skip(args.Length).Select(one => Type.Missing);
            return method.Invoke(null, BindingFlags.OptionalParamBinding, null, args.Concat(rest).ToArray(), null);
        }
        throw new MissingMethodException(type, name);
    }

    private static bool Fits(ParameterInfo[] parameters, object[] args)
    {
        return parameters.Length >= args.Length
            && parameters.Skip(args.Length).All(one => one.IsOptional)
            && parameters.Zip(args, (one, arg) => arg == null || one.ParameterType.IsInstanceOfType(arg)).All(fits => fits);
    }

    private static bool HasNoErrors(dynamic diagnostics)
    {
        int worst = 0;
        foreach (dynamic diagnostic in diagnostics)
        {
            int severity = (int)diagnostic.Severity;
            if (severity >= Warning) Console.WriteLine(diagnostic.ToString());
            worst = Math.Max(worst, severity);
        }
        return worst < Error;
    }
}
