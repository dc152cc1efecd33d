//! CSV by RFC 4180, read strictly. A library that recovers from errors would read a row as another one than the issuer meant,
//! and each package that it brings would be on the air-gapped machine.

use super::RegisterError;
use crate::limits::{MAX_REGISTER_COLUMNS, MAX_REGISTER_ROWS, MAX_SHOWN_NAME};
use crate::listed::beginning;

/// The cells of one row, and the line where it begins, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvRow {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

fn wrong(line: usize, found: impl Into<String>, expected: &'static str) -> RegisterError {
    RegisterError::Csv { line, found: found.into(), expected }
}

/// Reads all rows, the header too. Rows end with CR LF or LF; the last one may have neither.
pub(super) fn rows(text: &str) -> Result<Vec<CsvRow>, RegisterError> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut rows: Vec<CsvRow> = Vec::new();
    while !reader.rest.is_empty() {
        let row = reader.row()?;
        // The header is a row more.
        if rows.len() > MAX_REGISTER_ROWS {
            return Err(wrong(row.line, "more rows", "at most 20000 rows below the header"));
        }
        let expected = rows.first().map_or(row.cells.len(), |header| header.cells.len());
        if row.cells.len() != expected {
            let found = match row.cells.as_slice() {
                [only] if only.is_empty() => "an empty line".to_owned(),
                cells => format!("{} cells", cells.len()),
            };
            return Err(wrong(row.line, found, "as many cells as the header has"));
        }
        rows.push(row);
    }
    Ok(rows)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn row(&mut self) -> Result<CsvRow, RegisterError> {
        let mut row = CsvRow { line: self.line, cells: Vec::new() };
        loop {
            let cell = if self.take("\"") { self.quoted()? } else { self.plain()? };
            row.cells.push(cell);
            if row.cells.len() > MAX_REGISTER_COLUMNS {
                return Err(wrong(self.line, "more cells", "at most 256 in a row"));
            }
            if self.take(",") {
                continue;
            }
            if self.take("\r\n") || self.take("\n") {
                self.line = self.line.saturating_add(1);
                return Ok(row);
            }
            if self.rest.is_empty() {
                return Ok(row);
            }
            let found = self.rest.chars().next().map(|next| format!("{next:?}")).unwrap_or_default();
            return Err(wrong(self.line, found, "a comma or a line end behind a cell"));
        }
    }

    /// A cell up to the next comma or line end. A quote within it would be read differently by different programs.
    fn plain(&mut self) -> Result<String, RegisterError> {
        let end = self.rest.find([',', '\n', '\r']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(end);
        if cell.contains('"') {
            let found = format!("a quote within {:?}", beginning(cell, MAX_SHOWN_NAME));
            return Err(wrong(self.line, found, "quotes around the whole cell"));
        }
        self.rest = rest;
        self.checked(cell)
    }

    /// A cell behind its opening quote. Two quotes in it stand for one.
    fn quoted(&mut self) -> Result<String, RegisterError> {
        let (mut cell, begun) = (String::new(), self.line);
        loop {
            let Some((part, rest)) = self.rest.split_once('"') else {
                return Err(wrong(begun, "a quote that is not closed", "a closing quote"));
            };
            cell.push_str(part);
            self.line = self.line.saturating_add(part.matches('\n').count());
            self.rest = rest;
            if !self.take("\"") {
                return self.checked(&cell);
            }
            cell.push('"');
        }
    }

    /// Line ends may be within quotes; other control characters are of no text that a person writes.
    fn checked(&self, cell: &str) -> Result<String, RegisterError> {
        let is_wrong = |character: &char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
        match cell.chars().find(is_wrong) {
            Some(control) => Err(wrong(self.line, format!("{control:?}"), "text without control characters")),
            None => Ok(cell.to_owned()),
        }
    }

    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        rows(text).unwrap().into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn rows_are_read_as_rfc_4180_writes_them() {
        for text in ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\n1,2", "\"a\",\"b\"\n\"1\",2\n"] {
            assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        assert_eq!(cells("a,b\n,\"\"\n"), [["a", "b"], ["", ""]]);
        assert_eq!(cells("a\n\"x\"\"y, z\nw\"\n"), [["a"], ["x\"y, z\nw"]]);
        let lines: Vec<usize> = rows("a\n\"x\ny\"\nz\n").unwrap().iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 2, 4]);
        assert_eq!(rows("").unwrap(), []);
    }

    #[test]
    fn what_programs_read_differently_is_refused() {
        for (text, said) in [
            ("a,b\n1\n", "line 2: found 1 cells"),
            ("a,b\n1,2,3\n", "line 2: found 3 cells"),
            ("a,b\n\n1,2\n", "line 2: found an empty line"),
            ("a,b\n1,2\n\n", "line 3: found an empty line"),
            ("a\n1\"2\n", "a quote within"),
            ("a\n\"1\"2\n", "line 2: found '2'"),
            ("a\n\"1\n", "line 2: found a quote that is not closed"),
            ("a\r1\n", "found '\\r'"),
            ("a\nx\0y\n", "found '\\0'"),
            ("a\n\"x\u{1b}y\"\n", "found '\\u{1b}'"),
        ] {
            let error = rows(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text:?}: {error}");
        }
        let long = format!("a\n{}", "1\n".repeat(MAX_REGISTER_ROWS));
        assert!(rows(&long).is_ok());
        assert!(rows(&format!("{long}1\n")).unwrap_err().to_string().contains("more rows"));
        let wide = ",".repeat(MAX_REGISTER_COLUMNS);
        assert!(rows(&wide).unwrap_err().to_string().contains("more cells"));
    }
}
