/// Writes tables of a Windows Installer database: each stands by columns, texts as numbers in the string pool.
enum LabInstallerTables {
  enum Cell {
    case text(String)
    case number(Int)
  }

  enum Kind: Int {
    /// Of 72 characters, and of any length that may be translated.
    case key = 0x2D48
    case text = 0x1F00
    case keyNumber = 0x2502
    case number = 0x1502
  }

  struct Table {
    var name: String
    var columns: [(name: String, kind: Kind)]
    var rows: [[Cell]]

    init(_ name: String, _ columns: [(String, Kind)], _ rows: [[Cell]]) {
      (self.name, self.columns, self.rows) = (name, columns, rows)
    }
  }

  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._".utf8)

  /// A stream's name: two letters in a unit.
  static func packed(_ name: String) -> [UInt16] {
    let places = name.utf8.map { UInt16(alphabet.firstIndex(of: $0) ?? 0) }
    return stride(from: 0, to: places.count, by: 2).map {
      $0 + 1 < places.count ? 0x3800 + places[$0] + places[$0 + 1] << 6 : 0x4800 + places[$0]
    }
  }

  /// The tables, and those that describe them.
  static func streams(_ tables: [Table]) -> [(name: [UInt16], bytes: [UInt8])] {
    var (strings, uses) = ([String](), [Int]())
    func number(_ text: String) -> Int {
      if let place = strings.firstIndex(of: text) {
        uses[place] += 1
        return place + 1
      }
      strings.append(text)
      uses.append(1)
      return strings.count
    }
    func column(_ values: [Int]) -> [UInt8] {
      var writer = ByteWriter()
      values.forEach { writer.u16($0) }
      return writer.bytes
    }
    /// A number stands with its highest bit turned.
    func value(_ cell: Cell) -> Int {
      switch cell {
      case .text(let text): number(text)
      case .number(let number): number ^ 0x8000
      }
    }
    // The first string is the one with the lowest number: tables are in the order of their names' numbers, rows in that
    // of their keys'.
    let names = tables.map { number($0.name) }
    let own = zip(names, tables).flatMap { name, table in
      table.columns.enumerated().map { (table: name, place: $0 + 1, column: $1) }
    }
    let described =
      column(own.map(\.table)) + column(own.map { $0.place ^ 0x8000 })
      + column(own.map { number($0.column.name) }) + column(own.map { $0.column.kind.rawValue ^ 0x8000 })
    let contents = tables.map { table in
      let rows = table.rows.map { $0.map(value) }.sorted { $0.lexicographicallyPrecedes($1) }
      return (
        name: [0x4840] + packed(table.name),
        bytes: table.columns.indices.flatMap { place in column(rows.map { $0[place] }) }
      )
    }
    var pool = ByteWriter()
    pool.u32(1_252)
    for (text, count) in zip(strings, uses) {
      pool.u16(text.utf8.count)
      pool.u16(count)
    }
    return contents + [
      ([0x4840] + packed("_StringPool"), pool.bytes),
      ([0x4840] + packed("_StringData"), strings.flatMap { Array($0.utf8) }),
      ([0x4840] + packed("_Tables"), column(names)), ([0x4840] + packed("_Columns"), described),
    ]
  }
}

/// Writes a cabinet ([MS-CAB]) with one short file in it that is not compressed.
enum LabCabinet {
  static func make(name: String, bytes: [UInt8]) -> [UInt8] {
    let (files, data) = (36 + 8, 36 + 8 + 16 + name.utf8.count + 1)
    var writer = ByteWriter(bytes: Array("MSCF".utf8))
    writer.u32(0)
    writer.u32(data + 8 + bytes.count)
    for word in [0, files, 0] { writer.u32(word) }
    for word in [0x0103, 1, 1, 0, 0, 0] { writer.u16(word) }
    // Folder: where its data is, one block, no compression.
    writer.u32(data)
    writer.u16(1)
    writer.u16(0)
    // File: size, place in its folder, folder, date, time, attributes.
    writer.u32(bytes.count)
    writer.u32(0)
    for word in [0, 0x5B7C, 0, 0x20] { writer.u16(word) }
    writer.bytes += Array(name.utf8) + [0]
    // Block: no checksum.
    writer.u32(0)
    writer.u16(bytes.count)
    writer.u16(bytes.count)
    return writer.bytes + bytes
  }
}
