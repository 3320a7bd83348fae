//! A disk that a log of calls is played to, and what a power cut may leave of it.

use crate::trace::{Call, Handle};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// The files by name. Two names may be of one file, which its number tells.
pub type Files = BTreeMap<String, (usize, Rc<Vec<u8>>)>;

/// What is found after a power cut.
pub struct State {
    pub files: Files,
    /// Whether every rename and every other change of names is there.
    pub in_order: bool,
}

#[derive(Clone, Default)]
struct Content {
    bytes: Rc<Vec<u8>>,
    /// Counts the changes.
    version: usize,
}

#[derive(Default)]
struct File {
    now: Content,
    synced: Content,
}

struct Open {
    /// None: the folder.
    file: Option<usize>,
    position: usize,
    /// What a sync that runs is sure to cover: a content, or how many changes of names.
    syncing: Option<(Content, usize)>,
}

type Names = BTreeMap<String, usize>;

pub struct Disk {
    files: Vec<File>,
    /// The names after each change of them; the first are on the disk for sure.
    names: Vec<Names>,
    synced_names: usize,
    open: HashMap<Handle, Open>,
    /// The states that were given out, by name, file, version and length; and whether in order.
    seen: HashMap<Vec<(String, usize, usize, usize)>, bool>,
}

impl Disk {
    /// A disk on which these files have long been.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut disk = Self {
            files: Vec::new(),
            names: vec![Names::new()],
            synced_names: 0,
            open: HashMap::new(),
            seen: HashMap::new(),
        };
        for (name, bytes) in files {
            let content = Content { bytes: Rc::new(bytes), version: 0 };
            disk.names[0].insert(name, disk.files.len());
            disk.files.push(File { now: content.clone(), synced: content });
        }
        disk
    }

    pub fn play(&mut self, call: &Call) {
        match call {
            Call::Open { handle, name, truncate } => {
                let file = name.as_ref().map(|name| self.find_or_make(name));
                self.open.insert(*handle, Open { file, position: 0, syncing: None });
                if *truncate {
                    self.change(*handle, |bytes| bytes.clear());
                }
            }
            Call::Write { handle, at, data } => {
                let position = &mut self.open.get_mut(handle).unwrap().position;
                let start = at.unwrap_or(*position);
                let end = start + data.len();
                if at.is_none() {
                    *position = end;
                }
                self.change(*handle, |bytes| {
                    bytes.resize(bytes.len().max(end), 0);
                    bytes[start..end].copy_from_slice(data);
                });
            }
            Call::SetLen { handle, size } => self.change(*handle, |bytes| bytes.resize(*size, 0)),
            Call::SyncStart(handle) => {
                let last = self.names.len() - 1;
                let open = self.open.get_mut(handle).unwrap();
                let content = open.file.map(|file| self.files[file].now.clone());
                open.syncing = Some((content.unwrap_or_default(), last));
            }
            Call::SyncEnd(handle) => {
                let open = self.open.get_mut(handle).unwrap();
                let (content, names) = open.syncing.take().unwrap();
                match open.file {
                    Some(file) if self.files[file].synced.version < content.version => {
                        self.files[file].synced = content;
                    }
                    Some(_) => {}
                    None => self.synced_names = self.synced_names.max(names),
                }
            }
            Call::Rename { from, to } => self.rename(|names| {
                let file = names.remove(from).unwrap();
                names.insert(to.clone(), file);
            }),
            Call::Link { from, to } => self.rename(|names| {
                let file = names[from];
                assert!(names.insert(to.clone(), file).is_none());
            }),
            Call::Unlink(name) => self.rename(|names| _ = names.remove(name).unwrap()),
        }
    }

    fn find_or_make(&mut self, name: &str) -> usize {
        if let Some(file) = self.names.last().unwrap().get(name) {
            return *file;
        }
        let file = self.files.len();
        self.files.push(File::default());
        self.rename(|names| _ = names.insert(name.to_owned(), file));
        file
    }

    fn change(&mut self, handle: Handle, change: impl FnOnce(&mut Vec<u8>)) {
        let now = &mut self.files[self.open[&handle].file.unwrap()].now;
        change(Rc::make_mut(&mut now.bytes));
        now.version += 1;
    }

    fn rename(&mut self, change: impl FnOnce(&mut Names)) {
        let mut names = self.names.last().unwrap().clone();
        change(&mut names);
        self.names.push(names);
    }

    /// What a power cut at this moment may leave, as far as it was not given out before.
    ///
    /// Of the changes of names, any number from those that were synced to all; of the data of each
    /// file that was not synced, all, nothing, or only the size that it gave the file.
    pub fn after_power_cut(&mut self) -> Vec<State> {
        type Keep = fn(&File) -> (&Content, usize);
        let keeps: [Keep; 3] = [
            |file| (&file.now, file.now.bytes.len()),
            |file| (&file.synced, file.synced.bytes.len()),
            |file| (&file.synced, file.now.bytes.len()),
        ];
        let mut states = Vec::new();
        for (index, names) in self.names.iter().enumerate().skip(self.synced_names).rev() {
            let in_order = index == self.names.len() - 1;
            let numbers: BTreeSet<usize> = names.values().copied().collect();
            for choice in 0..keeps.len().pow(numbers.len() as u32) {
                let mut choice = choice;
                let kept = numbers.iter().map(|number| {
                    let keep = keeps[choice % keeps.len()];
                    choice /= keeps.len();
                    (*number, keep(&self.files[*number]))
                });
                let kept: BTreeMap<_, _> = kept.collect();
                let key = names.iter().map(|(name, number)| {
                    let (content, length) = kept[number];
                    (name.clone(), *number, content.version, length)
                });
                let key: Vec<_> = key.collect();
                if self.seen.get(&key).is_some_and(|was_in_order| *was_in_order || !in_order) {
                    continue;
                }
                self.seen.insert(key, in_order);
                let files = names.iter().map(|(name, number)| {
                    let (content, length) = kept[number];
                    let mut bytes = Rc::clone(&content.bytes);
                    if bytes.len() != length {
                        Rc::make_mut(&mut bytes).resize(length, 0);
                    }
                    (name.clone(), (*number, bytes))
                });
                states.push(State { files: files.collect(), in_order });
            }
        }
        states
    }
}
