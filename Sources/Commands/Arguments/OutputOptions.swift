package import ArgumentParser

/// The form of results.
package enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  case table, json, csv, tsv
}

/// What every command that gives results takes.
package struct OutputOptions: ParsableArguments, Sendable {
  @Option(help: "The form of the results; tables on a terminal, tsv (without a header) elsewhere.")
  package var format: OutputFormat?

  package init() {}
}
