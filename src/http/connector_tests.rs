use super::*;
use crate::http::Limits;
use crate::http::in_force::{Patience, enter, enter_with};
use crate::stop::Stop;
use std::net::TcpListener;
use std::time::Duration;
use ureq::Timeout;

/// A connection to a server that has sent something already, and the server's end.
fn ready() -> (Socket, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let mut server = listener.accept().unwrap().0;
    server.write_all(b"ready").unwrap();
    stream.peek(&mut [0]).unwrap();
    stream.set_nonblocking(true).unwrap();
    (Socket::new(stream, 100, 100), server)
}

/// Reads from it, under what is in force.
fn read(stop: &Stop, deadline: Option<Instant>) -> Result<bool, Error> {
    let (mut socket, _server) = ready();
    let _in_force = enter(stop, Limits { deadline, read_at_once: 100 });
    socket.await_input(NextTimeout::default())
}

/// The idle timeout counts from the last byte, whatever it is of.
#[test]
fn whatever_comes_ends_the_quiet() {
    let (stop, long_ago) = (Stop::new().unwrap(), Instant::now());
    let (mut socket, _server) = ready();
    let patience = Patience { wait: Duration::ZERO, since: long_ago };
    let limits = Limits { deadline: None, read_at_once: 100 };
    let in_force = enter_with(&stop, limits, Some(patience));
    assert_eq!(in_force.quiet_since(), Some(long_ago));
    assert!(socket.await_input(NextTimeout::default()).unwrap());
    let since = in_force.quiet_since().unwrap();
    assert!(since > long_ago);
    let error = socket.await_input(NextTimeout::default()).unwrap_err();
    assert!(matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::WouldBlock));
    assert_eq!(in_force.quiet_since(), Some(since));
}

/// A reader may take more at once than another, which gets no more memory than it should.
#[test]
fn as_much_is_read_at_once_as_the_reader_may_and_the_socket_has() {
    let stop = Stop::new().unwrap();
    let (mut socket, mut server) = ready();
    let in_force = enter(&stop, Limits { deadline: None, read_at_once: 100 });
    socket.await_input(NextTimeout::default()).unwrap();
    socket.buffers.input_consume("ready".len());
    drop(in_force);
    let mut read = |read_at_once, bytes| {
        let mut all = vec![0; bytes];
        server.write_all(&all).unwrap();
        while socket.stream.peek(&mut all).unwrap_or(0) < bytes {
            std::thread::yield_now();
        }
        let _in_force = enter(&stop, Limits { deadline: None, read_at_once });
        let mut sizes = Vec::new();
        while sizes.iter().sum::<usize>() < bytes {
            assert!(socket.await_input(NextTimeout::default()).unwrap());
            sizes.push(socket.buffers.input().len());
            socket.buffers.input_consume(sizes[sizes.len() - 1]);
        }
        sizes
    };
    assert_eq!(read(1000, 1200), [100, 1000, 100]);
    assert_eq!(read(200, 300), [200, 100]);
    assert_eq!(read(1000, 1300), [200, 1000, 100]);
}

#[test]
fn a_stop_and_a_deadline_count_where_there_is_no_wait() {
    let (stop, now) = (Stop::new().unwrap(), Instant::now());
    assert!(read(&stop, None).unwrap());
    assert!(read(&stop, Some(now + Duration::from_secs(60))).unwrap());
    assert!(matches!(read(&stop, Some(now)), Err(Error::Timeout(Timeout::Global))));
    stop.stop();
    assert!(matches!(read(&stop, None), Err(Error::Io(_))));
}

/// A request may be long, and its server may not read it.
#[test]
fn a_server_that_reads_nothing_is_not_waited_for_longer_than_the_idle_timeout() {
    let (stop, much) = (Stop::new().unwrap(), vec![0; 64 << 20]);
    let (mut socket, _server) = ready();
    let patience = Patience { wait: Duration::from_millis(1), since: Instant::now() };
    let deadline = Instant::now() + Duration::from_secs(20);
    let limits = Limits { deadline: Some(deadline), read_at_once: 100 };
    let _in_force = enter_with(&stop, limits, Some(patience));
    let limit = NextTimeout { per_write: Some(patience.wait.into()), ..NextTimeout::default() };
    let error = Wire::send(&mut socket.stream, &much, limit).unwrap_err();
    assert!(matches!(error, Error::Timeout(Timeout::PerWrite)), "{error:?}");
}

#[test]
fn many_addresses_have_time_enough_each() {
    let seconds = [(10, 1, 10), (10, 2, 5), (10, 16, 2), (3, 4, 2), (1, 4, 1), (0, 4, 0)];
    for (rest, left, expected) in seconds {
        let share = share(Duration::from_secs(rest), left);
        assert_eq!(share, Duration::from_secs(expected), "{rest} s for {left}");
    }
}
