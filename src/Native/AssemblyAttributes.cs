using System.Runtime.CompilerServices;

// Every type that crosses the native edge is laid out as C lays it out; what little is converted, the source generator converts.
[assembly: DisableRuntimeMarshalling]
