import Remote

/// A program that is to run, or runs, on a channel of its own, and who waits for its end.
struct ProgramJob: Sendable {
  let line: Secret
  let reply: Reply<CommandResult>
}

/// One that runs; belongs to the thread that serves the connection.
struct RunningProgram {
  let channel: SSHChannel
  let reply: Reply<CommandResult>

  func end(with failure: RemoteError?) {
    let result = channel.result
    channel.free()
    reply.give((failure?.afterStart()).map(Result.failure) ?? .success(result))
  }
}

extension SSHSession {
  /// Starts programs; one that can't be started is answered at once.
  func start(_ jobs: [ProgramJob]) {
    for job in jobs {
      do throws(RemoteError) {
        let channel = try open()
        do throws(RemoteError) {
          try channel.execute(job.line, session: self)
        } catch {
          channel.free()
          throw error
        }
        programs.append(RunningProgram(channel: channel, reply: job.reply))
      } catch {
        job.reply.give(.failure(error))
      }
    }
  }

  /// A channel for a program. Whatever goes wrong, nothing was started.
  private func open() throws(RemoteError) -> SSHChannel {
    do throws(RemoteError) {
      if let failure { throw failure }
      return try SSHChannel.open(self, cap: RemoteLimits.output)
    } catch {
      throw error.beforeStart()
    }
  }

  /// Answers those that have ended; all of them when the connection has.
  func sweep() {
    guard !programs.isEmpty else { return }
    programs.removeAll { program in
      let isDone = program.channel.isDone
      guard isDone || failure != nil else { return false }
      program.end(with: isDone ? nil : failure)
      return true
    }
  }
}
