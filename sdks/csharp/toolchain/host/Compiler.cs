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
        Type parsers = CSharp.GetType("Microsoft.CodeAnalysis.CSharp.CSharpCommandLineParser");
        dynamic parser = parsers.GetProperty("Default").GetValue(null);
        dynamic given = parser.Parse(new[] { "@" + responseFile }, Directory.GetCurrentDirectory(), null, null);
        if (!HasNoErrors(given.Errors)) return false;
        dynamic compilation = CompilationOf(given);
        Directory.CreateDirectory(given.OutputDirectory);
        string about = given.DocumentationPath;
        using (Stream assembly = File.Create(Path.Combine(given.OutputDirectory, given.OutputFileName)))
        using (Stream documentation = about == null ? new MemoryStream() : (Stream)File.Create(about))
        {
            dynamic result = compilation.Emit(assembly, xmlDocumentationStream: documentation, options: given.EmitOptions);
            return HasNoErrors(result.Diagnostics);
        }
    }

    private static dynamic CompilationOf(dynamic given)
    {
        object options = given.CompilationOptions;
        dynamic made = Call(CSharp, "CSharpCompilation", "Create", (object)given.CompilationName, null, null, options);
        foreach (dynamic file in given.SourceFiles) made = made.AddSyntaxTrees(Parse(file.Path, given.ParseOptions));
        foreach (dynamic file in given.MetadataReferences) made = made.AddReferences(Refer(file));
        return made;
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
            // By itself the compiler does not mind a using that is not used.
            int severity = diagnostic.Id == "CS8019" ? Error : (int)diagnostic.Severity;
            if (severity >= Warning) Console.WriteLine(diagnostic.ToString());
            worst = Math.Max(worst, severity);
        }
        return worst < Error;
    }
}
