using System;
using System.IO;
using System.Linq;
using System.Reflection;

/// <summary>
/// Makes a runtime that is part of another program run ours: .NET calls <see cref="Initialize"/> of the assembly that
/// DOTNET_STARTUP_HOOKS names before that other program begins, and this one never lets it begin.
/// </summary>
internal class StartupHook
{
    public static void Initialize()
    {
        // Not for the programs that ours may start.
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        string[] args = Environment.GetCommandLineArgs();
        string[] rest = args.Skip(2).ToArray();
        Environment.Exit(Do(args[0], args.ElementAtOrDefault(1), rest));
    }

    private static int Do(string host, string what, string[] args)
    {
        switch (what)
        {
            case null: throw new ArgumentException("usage: dotnet unbundle FOLDER | csc FILE.rsp ... | PROGRAM.dll ...");
            case "unbundle": return Bundle.Extract(host, args[0]);
            case "csc": return Compiler.Main(args);
            default: return Run(Path.GetFullPath(what), args);
        }
    }

    private static int Run(string program, string[] args)
    {
        // It finds the assemblies beside the program as well.
        MethodInfo main = Assembly.LoadFrom(program).EntryPoint;
        object result = main.Invoke(null, main.GetParameters().Length == 0 ? new object[0] : new object[] { args });
        return result is int code ? code : 0;
    }
}
