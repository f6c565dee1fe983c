import Commands
import Foundation
import Shell

// The program: puts the parts together, chooses the door, and ends with its exit code. Transports and the lab are
// registered here by scheme, so that nothing else knows them.

if let code = await LabEndpointDoor.run(Array(CommandLine.arguments.dropFirst())) { exit(code) }

ProcessSetup.run()

let bell = InterruptBell()

let program = Program(
  version: "0.1.0",
  registry: CommandRegistry(
    ServerCommands.all, AgentCommands.all, CertificateCommands.all, CheckCommands.all, RepairCommands.all,
    RunCommands.all, CaseCommands.all, ContextCommands.all, SessionCommands.all, TrustCommands.all),
  services: { options, _ in
    let lab = options.lab ?? LabOptions()
    return Services(
      transports: [SSHTransport.kind, FileTransport.kind, LabTransport(lab).kind], lab: lab, bell: bell,
      trust: TrustRegistration.services)
  })

let environment = ProcessInfo.processInfo.environment

let doors = Doors(program: program, frontend: .terminal(environment, bell: bell))
let code = await doors.run(Array(CommandLine.arguments.dropFirst()))
exit(code.rawValue)
