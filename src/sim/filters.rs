//! The `Filters` parameter: names and values, case-sensitive, without wildcards.

use super::errors::ApiError;
use super::query::Params;

/// The most values of one filter (RDS API reference).
const MAX_VALUES: usize = 100;

/// Filters that were given: an item passes if each has one of its values.
#[derive(Debug)]
pub struct Filters(Vec<(String, Vec<String>)>);

impl Filters {
    /// Reads the filters; `known` names those that the action has.
    ///
    /// # Errors
    /// `InvalidParameterValue` for another name, no values or too many.
    pub fn read(params: &Params, known: &[&str]) -> Result<Self, ApiError> {
        let mut filters = Vec::new();
        for index in 1..=params.count("Filters.Filter")? {
            let name = params.required(&format!("Filters.Filter.{index}.Name"))?;
            if !known.contains(&name) {
                return Err(ApiError::invalid_value(format!("Unrecognized filter name: {name}")));
            }
            let values = params.list(&format!("Filters.Filter.{index}.Values.Value"))?;
            if values.is_empty() || values.len() > MAX_VALUES {
                let message = format!("Filter {name} must have between 1 and {MAX_VALUES} values");
                return Err(ApiError::invalid_value(message));
            }
            filters.push((name.to_owned(), values.into_iter().map(str::to_owned).collect()));
        }
        Ok(Self(filters))
    }

    /// Whether an item passes; `has` says if it has a value in the sense of a filter's name.
    pub fn pass(&self, has: impl Fn(&str, &str) -> bool) -> bool {
        self.0.iter().all(|(name, values)| values.iter().any(|value| has(name, value)))
    }
}
