/// The tables of a Windows Installer database, whose form Microsoft's tools and libmsi agree on: each stands by columns,
/// texts in it are numbers of strings, and the strings stand one after another.
struct InstallerTables: Sendable {
  /// A cell: the text of a column of texts, the number of any other; empty and 0 where there is none.
  struct Value: Sendable, Hashable {
    var text = ""
    var number = 0
  }

  private struct Column {
    var number: Int
    var name: Int
    var type: Int
  }

  private let pool: [UInt8]
  private let data: [UInt8]
  /// Bytes of a string's number.
  private let reference: Int
  private var columns: [String: [Column]] = [:]
  private var names: [Int: String] = [:]

  /// - Parameters: the streams `_StringPool`, `_StringData` and `_Columns`.
  init(pool: [UInt8], data: [UInt8], columns bytes: [UInt8]) {
    (self.pool, self.data) = (pool, data)
    reference = (pool.u32(at: 0) ?? 0) & 0x8000_0000 == 0 ? 2 : 3
    // Table, number, name and type of each column.
    let count = bytes.count / (2 * reference + 4)
    let own = (0..<count).map { place in
      (
        table: number(bytes, place * reference, reference),
        column: Column(
          number: bytes.u16(at: count * reference + 2 * place) ?? 0,
          name: number(bytes, count * (reference + 2) + place * reference, reference),
          type: bytes.u16(at: count * (2 * reference + 2) + 2 * place) ?? 0)
      )
    }
    names = strings(Set(own.map(\.table)).union(own.map(\.column.name)))
    for (table, column) in own { columns[names[table] ?? "", default: []].append(column) }
    for table in columns.keys { columns[table]?.sort { $0.number < $1.number } }
  }

  /// The wanted columns of each row; nil where the database tells of no such columns, or the bytes hold no whole rows.
  func rows(of table: String, _ bytes: [UInt8], _ wanted: [String]) -> [[Value]]? {
    let own = columns[table] ?? []
    let rowWidth = own.reduce(0) { $0 + width($1) }
    guard rowWidth > 0, bytes.count % rowWidth == 0 else { return nil }
    let count = bytes.count / rowWidth
    var found = [[Value]](repeating: [], count: count)
    for name in wanted {
      guard let place = own.firstIndex(where: { names[$0.name] == name }) else { return nil }
      let (start, width) = (own[..<place].reduce(0) { $0 + self.width($1) } * count, width(own[place]))
      let numbers = (0..<count).map { number(bytes, start + $0 * width, width) }
      let texts = isText(own[place]) ? strings(Set(numbers)) : nil
      // A number stands with its highest bit turned; 0 is none.
      let bias = width == 4 ? 0x8000_0000 : 0x8000
      for (row, number) in numbers.enumerated() {
        found[row].append(
          texts.map { Value(text: $0[number] ?? "") } ?? Value(number: number == 0 ? 0 : number - bias))
      }
    }
    return found
  }

  private func isText(_ column: Column) -> Bool { column.type & 0x0800 != 0 && column.type & 0x0FFF != 0x0900 }

  /// A stream's column takes two bytes, as a short number does.
  private func width(_ column: Column) -> Int {
    isText(column) ? reference : column.type & 0x0800 == 0 && column.type & 0xFF == 4 ? 4 : 2
  }

  private func number(_ bytes: [UInt8], _ place: Int, _ width: Int) -> Int {
    (bytes.part(at: place, length: width) ?? []).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func strings(_ wanted: Set<Int>) -> [Int: String] {
    var (strings, number, entry, offset) = ([Int: String](), 1, 1, 0)
    while let short = pool.u16(at: 4 * entry), let uses = pool.u16(at: 4 * entry + 2) {
      var length = short
      entry += 1
      if short == 0, uses != 0 {
        // Over 64 KB: the length stands in the entry after it.
        guard let long = pool.u32(at: 4 * entry) else { return strings }
        length = long
        entry += 1
      }
      guard let text = data.part(at: offset, length: length) else { return strings }
      if wanted.contains(number) { strings[number] = String(decoding: text.prefix(1_024), as: UTF8.self) }
      offset += length
      number += 1
    }
    return strings
  }
}
