extension ChatTemplate {
  /// The date and time that a template writes for now, in the Gregorian calendar.
  public struct Moment: Hashable, Sendable {
    /// The year.
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    /// 0 to 23.
    public var hour: Int
    /// 0 to 59.
    public var minute: Int
    /// 0 to 60.
    public var second: Int

    /// A moment of a day, its beginning unless told otherwise; nil where the calendar has no such day or time.
    public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
      guard (1...9999).contains(year), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
        (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
      else { return nil }
      (self.year, self.month, self.day) = (year, month, day)
      (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// The beginning of 1970.
    public static let epoch = Moment()

    private init() { (year, month, day, hour, minute, second) = (1970, 1, 1, 0, 0, 0) }

    private static func days(in month: Int, of year: Int) -> Int {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Day of the year, from 1.
    private var dayOfYear: Int { (1..<month).reduce(day) { $0 + Self.days(in: $1, of: year) } }

    /// Day of the week, Sunday being 0.
    private var dayOfWeek: Int {
      let years = year - 1
      return (years * 365 + years / 4 - years / 100 + years / 400 + dayOfYear) % 7
    }

    private static let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// The letters that ``text(_:)`` knows.
    static let letters = "%a %A %b %B %d %e %F %H %I %j %m %M %p %S %T %y %Y, a minus between for no zeros, and %%"

    /// The moment as `strftime` writes it in the C locale; nil for a letter that is not known.
    func text(_ format: TemplateText) -> TemplateText? {
      var units: [UInt32] = []
      var rest = format.units[...]
      while let unit = rest.popFirst() {
        guard unit.isCharacter("%") else {
          units.append(unit)
          continue
        }
        var isShort = false
        if rest.first?.isCharacter("-") == true {
          isShort = true
          rest.removeFirst()
        }
        guard let letter = rest.popFirst(), var text = text(of: Character(letter.scalar)) else { return nil }
        if isShort {
          while text.count > 1, text.first == "0" || text.first == " " { text.removeFirst() }
        }
        units.append(text)
      }
      return TemplateText(units: units)
    }

    private func text(of letter: Character) -> String? {
      func digits(_ number: Int, _ width: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
      }
      switch letter {
      case "a": return String(Self.weekdays[dayOfWeek].prefix(3))
      case "A": return Self.weekdays[dayOfWeek]
      case "b": return String(Self.months[month - 1].prefix(3))
      case "B": return Self.months[month - 1]
      case "d": return digits(day)
      case "e": return day < 10 ? " \(day)" : "\(day)"
      case "F": return "\(digits(year, 4))-\(digits(month))-\(digits(day))"
      case "H": return digits(hour)
      case "I": return digits((hour + 11) % 12 + 1)
      case "j": return digits(dayOfYear, 3)
      case "m": return digits(month)
      case "M": return digits(minute)
      case "p": return hour < 12 ? "AM" : "PM"
      case "S": return digits(second)
      case "T": return "\(digits(hour)):\(digits(minute)):\(digits(second))"
      case "y": return digits(year % 100)
      case "Y": return digits(year, 4)
      case "%": return "%"
      default: return nil
      }
    }
  }
}
