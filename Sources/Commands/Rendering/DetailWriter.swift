/// One thing, with all that is known of it.
enum DetailWriter {
  static func write(_ pairs: [(String, ResultValue)], format: OutputFormat, to console: any Console) throws {
    switch format {
    case .json: try console.writeLine(JSONText.object(pairs))
    case .csv:
      try console.write(DelimitedText.csv(pairs.map(\.0)) + "\r\n" + DelimitedText.csv(pairs.map(\.1.cell)) + "\r\n")
    case .tsv:
      for (key, value) in pairs { try console.writeLine(DelimitedText.tsv([key, value.cell])) }
    case .table:
      let width = pairs.map { CellWidth.of($0.0) }.max() ?? 0
      for (key, value) in pairs {
        try console.writeLine(CellWidth.fit(key, width) + "  " + (value == .null ? "-" : value.cell))
      }
    }
  }
}
