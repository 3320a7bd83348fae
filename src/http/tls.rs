//! TLS over a connection, by rustls: records are read from the socket into a buffer of ours and
//! opened in there. (With buffers of its own rustls reads 4 KiB at a time, and clears them first.)

use super::connector::{Wire, broken};
use super::crypto;
use super::in_force::{check_in_force, read_at_once};
use crate::error::{Error, ErrorKind, Phase};
use rustls::client::UnbufferedClientConnection;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::unbuffered::{ConnectionState, EncodeError, UnbufferedStatus};
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use ureq::Error as Failure;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

/// The longest record is 18437 bytes, the longest message of a handshake that rustls takes 64 KiB.
const MOST_RECORDS: usize = 128 * 1024;
/// What a record opens to.
const MOST_PLAIN: usize = 16 * 1024;
/// What records are longer than what is in them, for all of a request.
const MOST_AROUND: usize = 256;

/// What connections share: whom they trust, and what they have learned for the next handshake.
pub(super) fn config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Error> {
    let roots = match ca_file {
        Some(file) => read_roots(file)?,
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    };
    let builder = ClientConfig::builder_with_provider(crypto::provider());
    let builder = builder.with_safe_default_protocol_versions().map_err(|error| {
        Error::new(ErrorKind::Tls, Phase::Check, format!("TLS cannot be used: {error}"))
    })?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

fn read_roots(file: &Path) -> Result<RootCertStore, Error> {
    let pem = std::fs::read(file).map_err(|error| {
        let message = format!("ca_file: cannot be read: {}", error.kind());
        Error::new(ErrorKind::Io, Phase::Check, message).with_os(error.raw_os_error())
    })?;
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    match certificates.map(|certificates| roots.add_parsable_certificates(certificates)) {
        Ok((1.., _)) => Ok(roots),
        _ => Err(Error::invalid("ca_file", "holds no PEM certificate")),
    }
}

/// Makes the handshake on connections to https URLs.
pub(super) struct TlsConnector(pub(super) Arc<ClientConfig>);

impl<W: Wire + Transport> Connector<W> for TlsConnector {
    type Out = Either<W, Tls<W>>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<W>,
    ) -> Result<Option<Self::Out>, Failure> {
        let Some(wire) = chained else { return Ok(None) };
        if !details.needs_tls() {
            return Ok(Some(Either::A(wire)));
        }
        let host = details.uri.host().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let name = ServerName::try_from(bare.unwrap_or(host)).map_err(failed)?.to_owned();
        let session = UnbufferedClientConnection::new(Arc::clone(&self.0), name).map_err(failed)?;
        let sizes = (details.config.input_buffer_size(), details.config.output_buffer_size());
        let mut tls = Tls::new(session, wire, sizes);
        tls.shake_hands(details.timeout)?;
        Ok(Some(Either::B(tls)))
    }
}

/// A connection with TLS.
pub(super) struct Tls<W> {
    session: UnbufferedClientConnection,
    wire: W,
    records: Vec<u8>,
    /// What of `records` was read and not yet opened.
    sealed: Range<usize>,
    plain: LazyBuffers,
    /// Messages of a handshake that are to be sent.
    flight: Vec<u8>,
    /// The server said that nothing more comes.
    is_closed: bool,
}

/// What is next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// To go on with what was read.
    GoOn,
    /// There is something to read for who uses the connection.
    Plain,
    /// To read more, before anything can be sent.
    Read,
    /// To send, or to read more.
    Send,
    /// The request is sent.
    Sent,
}

impl<W: Wire + Transport> Tls<W> {
    /// For answers whose headers have the first size at most, and requests that have the second.
    fn new(session: UnbufferedClientConnection, wire: W, (input, output): (usize, usize)) -> Self {
        Self {
            session,
            wire,
            records: Vec::new(),
            sealed: 0..0,
            plain: LazyBuffers::new(input + MOST_PLAIN, output),
            flight: Vec::new(),
            is_closed: false,
        }
    }

    fn shake_hands(&mut self, limit: NextTimeout) -> Result<(), Failure> {
        loop {
            match self.run(&[], limit)? {
                Next::Send => return Ok(()),
                Next::Read => self.fill(limit)?,
                _ => {}
            }
        }
    }

    /// Opens a record, or sends what rustls has to say, or else `request`.
    fn step(&mut self, request: &[u8], limit: NextTimeout) -> Result<Next, Failure> {
        let Self { session, wire, records, sealed, plain, flight, is_closed } = self;
        let UnbufferedStatus { discard, state, .. } =
            session.process_tls_records(&mut records[sealed.clone()]);
        sealed.start += discard;
        Ok(match state.map_err(failed)? {
            ConnectionState::EncodeTlsData(mut message) => {
                let start = flight.len();
                if let Err(EncodeError::InsufficientSize(error)) = message.encode(&mut []) {
                    flight.resize(start + error.required_size, 0);
                    message.encode(&mut flight[start..]).map_err(failed)?;
                }
                Next::GoOn
            }
            ConnectionState::TransmitTlsData(sending) => {
                wire.send(flight, limit)?;
                *flight = Vec::new();
                sending.done();
                Next::GoOn
            }
            ConnectionState::ReadTraffic(mut traffic) => {
                let room = plain.input_append_buf();
                let fits = traffic.peek_len().is_none_or(|length| length.get() <= room.len());
                let record = traffic.next_record().filter(|_| fits).transpose().map_err(failed)?;
                let too_long = || Failure::LargeResponseHeader(MOST_PLAIN, MOST_PLAIN);
                let payload = record.ok_or_else(too_long)?.payload;
                room[..payload.len()].copy_from_slice(payload);
                plain.input_appended(payload.len());
                if payload.is_empty() { Next::GoOn } else { Next::Plain }
            }
            ConnectionState::PeerClosed | ConnectionState::Closed => {
                *is_closed = true;
                Next::GoOn
            }
            ConnectionState::WriteTraffic(_) if request.is_empty() => Next::Send,
            ConnectionState::WriteTraffic(mut traffic) => {
                let mut sealed = vec![0; request.len() + MOST_AROUND];
                let length = traffic.encrypt(request, &mut sealed).map_err(failed)?;
                wire.send(&sealed[..length], limit)?;
                Next::Sent
            }
            _ => Next::Read,
        })
    }

    /// A step; if it fails for what the server sent, the server is told why. Whether it hears that
    /// makes no difference.
    fn run(&mut self, request: &[u8], limit: NextTimeout) -> Result<Next, Failure> {
        self.step(request, limit).inspect_err(|error| {
            let Failure::Io(error) = error else { return };
            if error.kind() != io::ErrorKind::InvalidData {
                return;
            }
            // With what is there of a message: rustls knows how much of it that was.
            let rest = &mut self.records[self.sealed.clone()];
            let status = self.session.process_tls_records(rest);
            if let Ok(ConnectionState::EncodeTlsData(mut alert)) = status.state {
                let mut bytes = [0; MOST_AROUND];
                let length = alert.encode(&mut bytes).unwrap_or(0);
                let _ = self.wire.send(&bytes[..length], limit);
            }
        })
    }

    /// Reads more records.
    fn fill(&mut self, limit: NextTimeout) -> Result<(), Failure> {
        // A part of a record at most.
        self.records.copy_within(self.sealed.clone(), 0);
        self.sealed = 0..self.sealed.len();
        let read_at_once = read_at_once();
        if self.sealed.is_empty() && self.records.len() != read_at_once {
            self.records = vec![0; read_at_once];
        }
        if self.sealed.end == self.records.len() {
            if self.records.len() >= MOST_RECORDS {
                return Err(failed("a message is too long"));
            }
            self.records.resize(MOST_RECORDS, 0);
        }
        match self.wire.receive(&mut self.records[self.sealed.end..], limit)? {
            // Not UnexpectedEof, which ureq takes for the end of a body of unknown length.
            0 => Err(broken("it ended without close_notify").into()),
            read => {
                self.sealed.end += read;
                Ok(())
            }
        }
    }
}

/// What is wrong with the TLS of the other side, and so final.
fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    io::Error::new(io::ErrorKind::InvalidData, error).into()
}

impl<W: Wire + Transport> Transport for Tls<W> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.plain
    }

    fn transmit_output(&mut self, amount: usize, limit: NextTimeout) -> Result<(), Failure> {
        let request = self.plain.output()[..amount].to_vec();
        while !request.is_empty() {
            match self.run(&request, limit)? {
                Next::Sent => break,
                Next::Read => self.fill(limit)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn await_input(&mut self, limit: NextTimeout) -> Result<bool, Failure> {
        while !self.is_closed {
            check_in_force()?;
            match self.run(&[], limit)? {
                Next::Plain => return Ok(true),
                Next::Read | Next::Send => self.fill(limit)?,
                _ => {}
            }
        }
        Ok(false)
    }

    fn is_open(&mut self) -> bool {
        !self.is_closed && self.sealed.is_empty() && self.wire.is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConnector").finish_non_exhaustive()
    }
}

impl<W> fmt::Debug for Tls<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tls_tests;
