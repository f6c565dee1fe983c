import Commands
import Shell

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The program: puts the parts together, chooses the door, and ends with its exit code. Transports and the lab are
// registered here by scheme, so that nothing else knows them.

ProcessSetup.run()

let program = Program(
  version: "0.1.0",
  registry: CommandRegistry(
    ServerCommands.all, RepairCommands.all, RunCommands.all, ContextCommands.all, SessionCommands.all),
  services: { options, _ in
    let lab = options.lab ?? LabOptions()
    return Services(transports: [LabTransport(lab).kind], lab: lab)
  })

let frontend = Frontend(
  console: { DescriptorConsole(noColour: $0) },
  inputIsTerminal: isatty(STDIN_FILENO) == 1,
  prompt: { PlainPrompt(console: $0.console) },
  foreground: Foreground.run)

let code = await Doors(program: program, frontend: frontend).run(Array(CommandLine.arguments.dropFirst()))
exit(code.rawValue)
