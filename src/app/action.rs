//! What a key can mean.

/// What a key can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Action {
    /// Move the cursor up.
    Up,
    /// Move the cursor down.
    Down,
    /// Move to the first row.
    Top,
    /// Move to the last row.
    Bottom,
    /// Move up by a screenful.
    PageUp,
    /// Move down by a screenful.
    PageDown,
    /// Filter the list.
    Filter,
    /// Keep the filter and go back to the list.
    KeepFilter,
    /// Sort by the next column.
    Sort,
    /// Read everything anew.
    Refresh,
    /// Show the details of the cluster.
    Details,
    /// Open the form for a new snapshot.
    Snapshot,
    /// Show the change that was confirmed last.
    Change,
    /// Go on with a change of an earlier run.
    GoOn,
    /// Put away what is over and was seen.
    Acknowledge,
    /// Plan to delete the marked snapshots.
    Remove,
    /// Change the tags of the marked snapshots.
    Retag,
    /// Say a snapshot by its name, to delete it although something stands before it.
    SayName,
    /// Leave out of a change what something stands against.
    LeaveOut,
    /// Send nothing more of a change once one of its requests has come to nothing, or all that can be sent.
    AllOrStop,
    /// Mark all of the group of what is under the cursor.
    MarkGroup,
    /// Copy the identifier.
    Copy,
    /// Copy the ARN.
    CopyArn,
    /// Go to the other pane.
    OtherPane,
    /// Show the keys.
    Help,
    /// Show what was told so far.
    Messages,
    /// Choose other profiles.
    Profiles,
    /// Choose other Regions.
    Regions,
    /// Mark what is under the cursor.
    Mark,
    /// Mark all that the list shows.
    MarkAll,
    /// Find an action by its name.
    Palette,
    /// Do what was found.
    Run,
    /// Give the terminal back to the shell for a while.
    Suspend,
    /// Go back, losing nothing.
    Back,
    /// Go on with the embedded simulator.
    Demo,
    /// End the program.
    Quit,
    /// End the program although a request is under way.
    QuitAnyway,
    /// Go to the next field.
    NextField,
    /// Go to the previous field.
    PreviousField,
    /// Add a row of tags.
    AddTag,
    /// Remove the row of tags.
    RemoveTag,
    /// Take the last change of the tags back.
    Undo,
    /// Go to the field below.
    FieldDown,
    /// Go to the field above.
    FieldUp,
    /// Go a character to the left, or to the field there.
    FieldLeft,
    /// Go a character to the right, take what is offered, or go to the field there.
    FieldRight,
    /// Press the switch or button.
    Press,
    /// Read the cluster and the quota anew.
    LookAgain,
    /// Take the cluster's tags, or leave them out.
    ToggleClusterTags,
    /// Give the request its mark, or leave it out.
    ToggleMark,
    /// Propose another, free identifier.
    ProposeName,
    /// Go to the review.
    Review,
    /// Send the request.
    Submit,
    /// Send the request without writing it to the journal.
    SubmitUnwritten,
    /// Show the requests of the past.
    History,
    /// Show the snapshots of the Region, or of this cluster.
    Snapshots,
    /// Show the evidence card of this snapshot.
    Evidence,
    /// Send the request if the typed name is right.
    SubmitTyped,
    /// Send the request as soon as its cluster is available.
    Arm,
    /// Let it wait for longer.
    WaitLonger,
    /// Let it wait for less long.
    WaitLess,
    /// Let go of a request that waits.
    Disarm,
    /// Let a request of an earlier run wait again.
    WaitAgain,
    /// Let go of a request of an earlier run.
    DropWait,
    /// Give the code of an MFA device.
    GiveCode,
    /// Start the command that logs in.
    LogIn,
    /// Copy the equivalent command of the AWS command line.
    CopyCommand,
    /// Copy the equivalent call of curl.
    CopyCurl,
}

impl Action {
    /// Whether it confirms something or presses a button: only a key that stands alone does it.
    pub(crate) fn confirms(self) -> bool {
        matches!(
            self,
            Self::Submit
                | Self::SubmitUnwritten
                | Self::SubmitTyped
                | Self::Arm
                | Self::Disarm
                | Self::WaitAgain
                | Self::DropWait
                | Self::GoOn
                | Self::Press
                | Self::Run
                | Self::GiveCode
                | Self::LogIn
                | Self::Demo
                | Self::QuitAnyway
        )
    }

    /// The name of the action in the configuration: `page_down`.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}
