import CSystem
import Commands
import Foundation
import Shell

// The program: puts the parts together, chooses the door, and ends with its exit code. Transports and the lab are
// registered here by scheme, so that nothing else knows them.

@Sendable func enter(_ arguments: [String]) async -> Int32 {
  if let code = await LabEndpointDoor.run(arguments) { return code }
  ProcessSetup.run()
  let hurry: LabHurry?
  do { hurry = try LabHurry(arguments) } catch {
    LabEndpointDoor.say("apexsh: \(error.message)\n", to: 2)
    return error.exitCode.rawValue
  }
  let (bell, background) = (InterruptBell(), BackgroundRuns())
  let program = Program(
    version: "0.1.0",
    registry: .all,
    services: { options, _ in
      let lab = options.lab ?? LabOptions()
      return Services(
        transports: [SSHTransport.kind(clock: hurry?.clock), FileTransport.kind, LabTransport(lab).kind], lab: lab,
        bell: bell,
        background: background, trust: TrustRegistration.services)
    })
  return await Doors(program: program, frontend: .terminal(bell: bell, background: background)).run(
    hurry?.arguments ?? arguments
  )
  .rawValue
}

guard let arguments = ProgramArguments.read() else {
  LabEndpointDoor.say(
    "apexsh: /proc is not there, and threads can't be run without it; mount it (mount -t proc proc /proc); nothing was done\n",
    to: 2)
  exit(ExitCode.fault.rawValue)
}
if let refusal = ProcessRoom.refusal() {
  LabEndpointDoor.say("apexsh: \(refusal)\n", to: 2)
  exit(ExitCode.fault.rawValue)
}
Task.detached { cs_leave(await enter(arguments)) }
// Nothing runs on the main thread. An async top level would give it back to the system, for which glibc loads a library
// and unwinds its stack: a tenth of the way to the first prompt.
while true { pause() }
